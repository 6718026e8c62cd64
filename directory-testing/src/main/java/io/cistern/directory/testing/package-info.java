/** What the tests of drivers have in common whose pools are directories. */
@NullMarked
package io.cistern.directory.testing;

import org.jspecify.annotations.NullMarked;
