/** What the drivers have in common whose pools are directories. */
@SuppressWarnings("module") // The drivers are compiled after this.
module io.cistern.directory {
  requires static transitive org.jspecify;
  requires com.google.common;
  requires transitive io.cistern.linux;
  requires transitive io.cistern.storage;
  requires org.slf4j;

  exports io.cistern.directory to
      io.cistern.driver.reflink,
      io.cistern.driver.file;
}
