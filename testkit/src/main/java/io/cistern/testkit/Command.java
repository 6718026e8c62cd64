package io.cistern.testkit;

/** One thing that is done in a sequence: to a volume, or to the process. */
interface Command {}
