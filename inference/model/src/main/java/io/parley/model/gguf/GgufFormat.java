package io.parley.model.gguf;

import java.util.Map;

/** The constants of the format that reader and writer share, and the limits that Parley adds. */
final class GgufFormat {
  static final int MAGIC = 0x46554747; // "GGUF" read as a little-endian int.
  static final int VERSION = 3;
  static final int OLDEST_VERSION = 2;
  static final int MAX_DIMENSIONS = 4;
  static final int DEFAULT_ALIGNMENT = 32;
  static final long MAX_ALIGNMENT = 1 << 20;
  static final int MAX_NAME_BYTES = 65_535;
  static final String ALIGNMENT_KEY = "general.alignment";

  /** Names of ggml types that are not supported, so that an error can say what a file holds. */
  private static final Map<Integer, String> UNSUPPORTED_TENSOR_TYPES =
      Map.ofEntries(
          Map.entry(9, "Q8_1"),
          Map.entry(10, "Q2_K"),
          Map.entry(11, "Q3_K"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(20, "IQ4_NL"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(24, "I8"),
          Map.entry(25, "I16"),
          Map.entry(26, "I32"),
          Map.entry(27, "I64"),
          Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(39, "MXFP4"));

  private GgufFormat() {}

  /** The name of an unsupported tensor type, {@code unknown} if ggml has none either. */
  static String unsupportedTensorTypeName(int code) {
    return UNSUPPORTED_TENSOR_TYPES.getOrDefault(code, "unknown");
  }

  /** The smallest multiple of {@code alignment}, a power of two, that is not below {@code n}. */
  static long align(long n, long alignment) {
    return Math.addExact(n, alignment - 1) & -alignment;
  }
}
