package io.cistern.driver.lvmthin;

import io.cistern.driver.lvmthin.ThinPoolReport.ReportedPool;
import io.cistern.linux.CommandFailedException;
import io.cistern.linux.ExternalCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands of LVM for one volume group, limited to the group's own devices. */
final class LvmCommands {
  private static final Logger log = LoggerFactory.getLogger(LvmCommands.class);

  private static final List<String> REPORTING =
      List.of("--reportformat", "json", "--units", "b", "--nosuffix");

  private final LvmRunner runner;
  private final LvmThinParameters parameters;
  private volatile List<Path> physicalVolumes = List.of();
  private volatile List<String> missing = List.of();
  private volatile Witness witness = (command, effect, isDone) -> command.run();
  private volatile Permission permission = () -> {};

  /** Hears of each change, and runs it; nothing else is run meanwhile. */
  interface Witness {
    /**
     * Runs a command.
     *
     * @param effect what it does to what there is, if it succeeds
     * @param isDone tells of what there is whether it has done its work, if it says that it failed
     */
    void change(
        LvmRunner.Action command,
        UnaryOperator<ThinPoolReport> effect,
        Predicate<ThinPoolReport> isDone)
        throws IOException;
  }

  /** Refuses changes. */
  interface Permission {
    /** Throws if nothing may be changed now. */
    void check() throws IOException;
  }

  LvmCommands(Machine machine, ExternalCommands commands, LvmThinParameters parameters) {
    this.runner = new LvmRunner(machine, commands, parameters.volumeGroup());
    this.parameters = parameters;
  }

  /** Returns what runs them. */
  LvmRunner runner() {
    return runner;
  }

  /** Has each change heard of. */
  void witnessedBy(Witness value) {
    witness = value;
  }

  /** Has each change refused that is not allowed at that moment. */
  void allowedBy(Permission value) {
    permission = value;
  }

  /** Returns the devices that the volume group is made of, as they were last told. */
  List<Path> physicalVolumes() {
    return physicalVolumes;
  }

  String volumeGroup() {
    return parameters.volumeGroup();
  }

  /** Returns which of its devices are missing, as it was last told. */
  List<String> missing() {
    return missing;
  }

  /** Finds the volume group; false if there is none. Learns which devices it is made of. */
  boolean find() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("vgs"));
    arguments.addAll(REPORTING);
    arguments.addAll(List.of("-o", "vg_uuid,pv_name,pv_uuid,pv_missing", parameters.volumeGroup()));
    try {
      List<Map<String, String>> rows = ReportParser.rows(run(arguments, false), "vg");
      physicalVolumes =
          rows.stream()
              .map(row -> ReportParser.text(row, "pv_name"))
              .filter(name -> name.startsWith("/"))
              .map(Path::of)
              .toList();
      missing =
          rows.stream()
              .filter(row -> ReportParser.text(row, "pv_missing").equals("missing"))
              .map(
                  row ->
                      ReportParser.text(row, "pv_name") + " " + ReportParser.text(row, "pv_uuid"))
              .toList();
      return true;
    } catch (CommandFailedException e) {
      if (isAbsent(e)) {
        return false;
      }
      throw e;
    }
  }

  private boolean isAbsent(CommandFailedException e) {
    return e.error().contains("Volume group \"%s\" not found".formatted(parameters.volumeGroup()));
  }

  /** Returns the report on all logical volumes of the group. */
  String report() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("lvs"));
    arguments.addAll(REPORTING);
    arguments.addAll(List.of("-o", ReportParser.COLUMNS, parameters.volumeGroup()));
    return run(arguments, true);
  }

  /** Makes an active thin volume that reads as zeros. */
  void create(String name, long size, List<String> tags) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("lvcreate", "-y", "-Wn", "-V", size + "b"));
    arguments.addAll(List.of("-T", parameters.pool(), "-n", name));
    addTags(arguments, tags);
    change(
        arguments,
        report -> report.added(new ReportedLv(name, size, Set.copyOf(tags))),
        report -> report.has(name, lv -> lv.tags().containsAll(tags)));
    log.info("created {} of {} bytes in {}", name, size, parameters.pool());
  }

  /** Makes an active snapshot. */
  void snapshot(String origin, String name, boolean writable, List<String> tags)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("lvcreate", "-y", "-s", "-kn", "-ay"));
    arguments.addAll(List.of(writable ? "-prw" : "-pr", "-n", name));
    addTags(arguments, tags);
    arguments.add(full(origin));
    change(
        arguments,
        report -> report.copied(origin, name, Set.copyOf(tags)),
        report -> report.has(name, lv -> lv.tags().containsAll(tags)));
    log.info("made {} a snapshot of {} in {}", name, origin, parameters.pool());
  }

  void rename(String from, String to) throws IOException {
    change(
        List.of("lvrename", parameters.volumeGroup(), from, to),
        report -> report.replaced(from, lv -> lv.named(to)),
        report -> report.names().contains(to) && !report.names().contains(from));
    log.info("renamed {} to {} in {}", from, to, parameters.volumeGroup());
  }

  void remove(Collection<String> names) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("lvremove", "-y"));
    names.forEach(name -> arguments.add(full(name)));
    change(
        arguments,
        report -> report.removed(names),
        report -> names.stream().noneMatch(report.names()::contains));
    log.info("removed {} in {}", names, parameters.volumeGroup());
  }

  void activate(Collection<String> names) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("lvchange", "-y", "-ay", "-K"));
    names.forEach(name -> arguments.add(full(name)));
    run(arguments, true);
  }

  void deactivate(Collection<String> names) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("lvchange", "-y", "-an"));
    names.forEach(name -> arguments.add(full(name)));
    run(arguments, true);
  }

  /** Changes the size; what is beyond a smaller one is lost. */
  void resize(String name, long size) throws IOException {
    change(
        List.of("lvresize", "-y", "-f", "-L", size + "b", full(name)),
        report -> report.replaced(name, lv -> lv.sized(size)),
        report -> report.has(name, lv -> lv.size() == size));
    log.info("resized {} to {} bytes in {}", name, size, parameters.volumeGroup());
  }

  /** Changes the tags of a logical volume, the thin pool included. */
  void changeTags(String name, Collection<String> added, Collection<String> removed)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("lvchange", "-y"));
    addTags(arguments, added);
    removed.forEach(tag -> arguments.addAll(List.of("--deltag", tag)));
    arguments.add(full(name));
    change(
        arguments,
        report ->
            name.equals(parameters.thinPool())
                ? report.retagged(added, removed)
                : report.replaced(name, lv -> lv.tagged(added, removed)),
        report ->
            tags(report, name)
                .filter(tags -> tags.containsAll(added))
                .filter(tags -> removed.stream().noneMatch(tags::contains))
                .isPresent());
  }

  private Optional<Set<String>> tags(ThinPoolReport report, String name) {
    return name.equals(parameters.thinPool())
        ? report.pool().map(ReportedPool::tags)
        : report.find(name).map(ReportedLv::tags);
  }

  private static void addTags(List<String> arguments, Collection<String> tags) {
    tags.forEach(tag -> arguments.addAll(List.of("--addtag", tag)));
  }

  private String full(String name) {
    return parameters.volumeGroup() + "/" + name;
  }

  /** Runs a command that changes the metadata, and says what it does to them. */
  private void change(
      List<String> arguments,
      UnaryOperator<ThinPoolReport> effect,
      Predicate<ThinPoolReport> isDone)
      throws IOException {
    runner.alone(
        () -> {
          permission.check();
          witness.change(() -> run(arguments, true), effect, isDone);
        });
  }

  private String run(List<String> arguments, boolean limited) throws IOException {
    return runner.run(arguments, limited ? physicalVolumes : List.of());
  }
}
