package io.parley.model.gguf;

import java.util.Optional;

/** Types of metadata values. */
enum ValueType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 8),
  ARRAY(9, 12),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  /** The number that stands for this type in a file. */
  final int code;

  /** Bytes that a value takes at least. */
  final int minimumBytes;

  ValueType(int code, int minimumBytes) {
    this.code = code;
    this.minimumBytes = minimumBytes;
  }

  static Optional<ValueType> of(int code) {
    for (ValueType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
