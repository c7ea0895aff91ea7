package io.parley.model.gguf;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/** Reads the key-value part of a file. Not thread-safe. */
final class MetadataReader {
  /** An empty key, a type and a one-byte value. */
  private static final int MINIMUM_ENTRY_BYTES = 8 + 4 + 1;

  private final GgufCursor in;

  MetadataReader(GgufCursor in) {
    this.in = in;
  }

  static int minimumEntryBytes() {
    return MINIMUM_ENTRY_BYTES;
  }

  Map<String, Object> read(int count) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < count; i++) {
      long at = in.position();
      String key = in.readString("key " + i, GgufFormat.MAX_NAME_BYTES);
      Object value = readValue(key);
      if (values.put(key, value) != null) {
        throw in.failure(at, "key " + key + " occurs twice");
      }
    }
    return values;
  }

  private Object readValue(String key) {
    ValueType type = readType(key);
    return type == ValueType.ARRAY ? readArray(key) : readScalar(type, key);
  }

  private ValueType readType(String key) {
    long at = in.position();
    int code = in.readInt("the type of " + key);
    return ValueType.of(code)
        .orElseThrow(
            () ->
                in.failure(
                    at, "key " + key + " has unknown type " + Integer.toUnsignedString(code)));
  }

  private Object readScalar(ValueType type, String key) {
    return switch (type) {
      case UINT8 -> (long) (in.readByte(key) & 0xff);
      case INT8 -> (long) in.readByte(key);
      case UINT16 -> (long) (in.readShort(key) & 0xffff);
      case INT16 -> (long) in.readShort(key);
      case UINT32 -> in.readInt(key) & 0xffff_ffffL;
      case INT32 -> (long) in.readInt(key);
      case FLOAT32 -> Float.intBitsToFloat(in.readInt(key));
      case BOOL -> in.readBoolean(key);
      case STRING -> in.readString(key, Integer.MAX_VALUE);
      case UINT64 -> unsigned(in.readLong(key));
      case INT64 -> in.readLong(key);
      case FLOAT64 -> Double.longBitsToDouble(in.readLong(key));
      case ARRAY -> throw new AssertionError("an array is no scalar");
    };
  }

  private static Object unsigned(long bits) {
    return bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
  }

  private Object readArray(String key) {
    long at = in.position();
    ValueType type = readType(key);
    if (type == ValueType.ARRAY) {
      throw in.failure(at, "key " + key + " is an array of arrays, which is not supported");
    }
    int length = in.readCount("the length of array " + key, type.minimumBytes);
    return switch (type) {
      case STRING -> readStrings(key, length);
      case FLOAT32 -> readFloats(key, length);
      case FLOAT64 -> readDoubles(key, length);
      case BOOL -> readBooleans(key, length);
      default -> readIntegers(type, key, length);
    };
  }

  private String[] readStrings(String key, int length) {
    String[] out = new String[length];
    for (int i = 0; i < length; i++) {
      out[i] = in.readString(key, Integer.MAX_VALUE);
    }
    return out;
  }

  private float[] readFloats(String key, int length) {
    float[] out = new float[length];
    for (int i = 0; i < length; i++) {
      out[i] = Float.intBitsToFloat(in.readInt(key));
    }
    return out;
  }

  private double[] readDoubles(String key, int length) {
    double[] out = new double[length];
    for (int i = 0; i < length; i++) {
      out[i] = Double.longBitsToDouble(in.readLong(key));
    }
    return out;
  }

  private boolean[] readBooleans(String key, int length) {
    boolean[] out = new boolean[length];
    for (int i = 0; i < length; i++) {
      out[i] = in.readBoolean(key);
    }
    return out;
  }

  /** All integer arrays become longs; of UINT64, the bits. */
  private long[] readIntegers(ValueType type, String key, int length) {
    long[] out = new long[length];
    for (int i = 0; i < length; i++) {
      out[i] = type == ValueType.UINT64 ? in.readLong(key) : (long) readScalar(type, key);
    }
    return out;
  }
}
