/**
 * The driver {@code lvm_thin}. {@code LvmThinDriver} makes pools. What there is comes from {@code
 * PoolState}, one report of LVM for all volumes, out of which {@code VolumeView} takes those of one
 * volume; how they are called and tagged is in {@code LvNames} and {@code LvTags}. What changes
 * goes through {@code LvmCommands}; the order of commands that makes each change atomic is in
 * {@code ContentSwitch}. What is not needed any more is removed by {@code Reclaimer}.
 */
@NullMarked
package io.cistern.driver.lvmthin;

import org.jspecify.annotations.NullMarked;
