/** Stands in for the guests: makes, changes and reads the file systems inside disk images. */
@NullMarked
package io.cistern.examples.guest;

import org.jspecify.annotations.NullMarked;
