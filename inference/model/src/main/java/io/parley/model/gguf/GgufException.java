package io.parley.model.gguf;

/**
 * A file that is not a GGUF file that Parley can use: damaged, hostile or unsupported. The message
 * says where (file, byte offset, key or tensor) and why.
 */
public final class GgufException extends RuntimeException {
  public GgufException(String message) {
    super(message);
  }
}
