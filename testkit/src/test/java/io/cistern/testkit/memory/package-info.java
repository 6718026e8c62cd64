/** The driver "memory", which {@code docs/driver-guide.md} builds step by step. */
@NullMarked
package io.cistern.testkit.memory;

import org.jspecify.annotations.NullMarked;
