/** The demonstration: VM disks through their whole life, in acts that print what they do. */
@NullMarked
package io.cistern.examples.demo;

import org.jspecify.annotations.NullMarked;
