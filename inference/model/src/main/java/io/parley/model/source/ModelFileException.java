package io.parley.model.source;

/**
 * A file that is not one that Parley can use: damaged, hostile or unsupported. The message says
 * where (file, byte offset, key or tensor) and why.
 */
public final class ModelFileException extends RuntimeException {
  public ModelFileException(String message) {
    super(message);
  }
}
