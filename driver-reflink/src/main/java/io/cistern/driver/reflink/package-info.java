/**
 * The driver {@code file-reflink}. {@code ReflinkDriver} makes pools; a {@code ReflinkVolume} works
 * through a {@code VolumeDirectory}, whose names are those of {@code ImageNames}. The order of
 * system calls that makes each change atomic and durable is in {@code StartProtocol}, {@code
 * SwitchProtocol}, {@code RevisionNumbers} and {@code RemoveProtocol}.
 */
@NullMarked
package io.cistern.driver.reflink;

import org.jspecify.annotations.NullMarked;
