package io.cistern.driver.lvmthin;

import java.util.Set;

/**
 * A thin volume as LVM reports it.
 *
 * @param name its name
 * @param size in bytes
 * @param tags its tags
 */
record ReportedLv(String name, long size, Set<String> tags) {}
