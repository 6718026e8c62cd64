/**
 * Linux system calls by JNA, and the durable file operations that are made of them.
 *
 * <p>JNA is an implementation detail: none of its types and none of its exceptions leave this
 * module. Every system call passes a {@link io.cistern.linux.SystemCallSeam}.
 */
@org.jspecify.annotations.NullMarked
module io.cistern.linux {
  requires com.sun.jna;
  requires org.slf4j;
  requires static org.jspecify;

  exports io.cistern.linux;
}
