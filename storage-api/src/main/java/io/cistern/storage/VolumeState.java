package io.cistern.storage;

/** Whether a volume has a session, and whether somebody uses it (rule 314). */
public enum VolumeState {
  /** There is no session. */
  STOPPED,
  /**
   * There is a session, and this process started it or something holds its image or device: a VM
   * manager that was restarted finds the disks of its running VMs in this state.
   */
  STARTED,
  /** There is a session that nobody holds: what a crash of the host or the VM manager left. */
  CRASHED
}
