/**
 * Linux system calls, and the durable file operations that are made of them.
 *
 * <p>{@link io.cistern.linux.Linux} is the entry point. {@link io.cistern.linux.Directory} and
 * {@link io.cistern.linux.OpenFile} own one file descriptor each; all file work is relative to a
 * directory's descriptor and follows no symbolic link. Sizes and offsets are in bytes. Whatever can
 * fail throws {@link io.cistern.linux.SystemCallException}, with the call, the paths and the errno.
 *
 * <p>Names and attribute values are UTF-8, whatever the locale of the process.
 */
@NullMarked
package io.cistern.linux;

import org.jspecify.annotations.NullMarked;
