package io.cistern.linux;

/**
 * What a command left when it ended.
 *
 * @param exitCode its exit code; 128 and the signal's number if a signal ended it
 * @param out all of its standard output
 * @param error all of its standard error: with exit code 0, warnings
 */
public record CommandOutput(int exitCode, String out, String error) {}
