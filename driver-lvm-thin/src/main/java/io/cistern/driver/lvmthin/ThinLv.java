package io.cistern.driver.lvmthin;

/**
 * A logical volume that belongs to one of our volumes.
 *
 * @param name its name
 * @param size in bytes
 * @param tags what its tags say
 * @param parsed what its name says
 */
record ThinLv(String name, long size, LvTags tags, LvNames.Parsed parsed) {
  LvRole role() {
    return parsed.role();
  }

  /** Returns the number of a revision. */
  long number() {
    return parsed.number();
  }
}
