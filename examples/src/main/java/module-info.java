/**
 * Examples: {@link io.cistern.examples.Vm}, the disks of one virtual machine, is made to be copied;
 * the rest is the demonstration that {@code dev/demo} runs.
 *
 * <p>The driver is needed at run time only; the service loader finds it.
 */
module io.cistern.examples {
  requires static org.jspecify;
  requires io.cistern.storage;
}
