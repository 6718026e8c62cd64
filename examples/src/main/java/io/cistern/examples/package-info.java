/** What a VM manager does with Cistern. */
@NullMarked
package io.cistern.examples;

import org.jspecify.annotations.NullMarked;
