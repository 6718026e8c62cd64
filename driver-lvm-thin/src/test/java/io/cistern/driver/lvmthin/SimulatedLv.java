package io.cistern.driver.lvmthin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A logical volume of the simulated LVM; a thin one has a file with its content. */
final class SimulatedLv {
  String name;
  final String uuid;
  final String type;
  final String pool;
  final Path data;
  final Set<String> tags = new TreeSet<>();
  long size;
  boolean active;
  boolean skipsActivation;
  boolean writable = true;

  /** What it was made of; LVM tells as long as that is there. */
  String origin = "";

  /** By how many it is open. */
  int holders;

  /** Of a thin pool. */
  long chunkSize = 65536;

  boolean zeroes = true;

  /** As LVM says it; lvm.conf can have it say 1. */
  String zeroesText = "zero";

  String discards = "passdown";
  double filled;
  long filledWithMetadata = 10;

  /** Whether the kernel lets nothing be changed, as it does when it could not write metadata. */
  boolean isReadOnly;

  /** Whether LVM can't activate it, since its metadata are damaged. */
  boolean isBroken;

  /** How many transactions the kernel has counted of it. */
  long transaction = 1;

  /** What the driver has had the kernel delete in it. */
  final Set<Long> deletedDevices = new TreeSet<>();

  /** What LVM has written down to have made in it, the last time. */
  Optional<QueuedCreation> queued = Optional.empty();

  /** How much of it was discarded, in bytes. */
  long discarded;

  SimulatedLv(String name, String uuid, String type, String pool, Path data, long size) {
    this.name = name;
    this.uuid = uuid;
    this.type = type;
    this.pool = pool;
    this.data = data;
    this.size = size;
  }

  /** Of a thin pool: the power fails before it counts the creation of a volume in it. */
  void uncount(SimulatedLv made, long deviceId) {
    queued = Optional.of(new QueuedCreation(transaction + 1, made.name, deviceId, List.of()));
  }

  /** Has LVM write down that something is to be removed in the same transaction. */
  void queueDeletion(long deviceId) {
    QueuedCreation creation = queued.orElseThrow();
    queued =
        Optional.of(
            new QueuedCreation(
                creation.transaction(), creation.volume(), creation.deviceId(), List.of(deviceId)));
  }

  /** Whether what LVM wants to have made is there, and LVM can't know. */
  boolean isUncounted() {
    return queued.filter(creation -> creation.transaction() != transaction).isPresent();
  }

  boolean isThin() {
    return type.equals("thin");
  }
}
