/**
 * The driver {@code file}. {@code FileDriver} makes pools; a {@code FileVolume} works through a
 * {@code VolumeDirectory}, whose names are those of {@code FileNames}. What is committed is in a
 * {@code Recorded}; {@code Layers} has the devices through which it is read. The order of steps
 * that makes each change atomic and durable is in {@code OriginSession}, {@code Reversal}, {@code
 * Replacement} and {@code RemoveProtocol}; what follows from a switch is in {@code Settlement}.
 */
@NullMarked
package io.cistern.driver.file;

import org.jspecify.annotations.NullMarked;
