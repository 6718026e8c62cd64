/**
 * What drivers have in common whose pools are directories: the place with its lock and its marker,
 * the directories below it, the vids that they can hold, the steps for the probe. {@link
 * io.cistern.directory.DirectoryPool} is what a driver extends.
 */
@NullMarked
package io.cistern.directory;

import org.jspecify.annotations.NullMarked;
