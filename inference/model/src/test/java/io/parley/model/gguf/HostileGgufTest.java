package io.parley.model.gguf;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.source.ModelFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made by hand, each wrong in one way, and the sentence that says so. */
class HostileGgufTest {
  @TempDir Path directory;
  private final ByteBuffer out = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

  private HostileGgufTest header(int version, long tensors, long keys) {
    out.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(version);
    out.putLong(tensors).putLong(keys);
    return this;
  }

  private HostileGgufTest string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.putLong(utf8.length).put(utf8);
    return this;
  }

  private HostileGgufTest ints(int... values) {
    Arrays.stream(values).forEach(out::putInt);
    return this;
  }

  private HostileGgufTest longs(long... values) {
    Arrays.stream(values).forEach(out::putLong);
    return this;
  }

  private void isRefusedWith(String message) throws IOException {
    Path path = directory.resolve("hostile.gguf");
    Files.write(path, Arrays.copyOf(out.array(), out.position()));
    assertThatThrownBy(() -> GgufFile.open(path))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anotherKindOfFile() throws IOException {
    ints(0x04034b50, 0).isRefusedWith("no GGUF file");
  }

  @Test
  void versionsOneAndFour() throws IOException {
    header(1, 0, 0).isRefusedWith("at byte 4: version 1 is not supported");
    out.clear();
    header(4, 0, 0).isRefusedWith("at byte 4: version 4 is not supported");
  }

  @Test
  void bigEndian() throws IOException {
    header(Integer.reverseBytes(3), 0, 0).isRefusedWith("big-endian");
  }

  @Test
  void countsThatTheFileCannotHold() throws IOException {
    header(3, 1L << 40, 0).isRefusedWith("at byte 8: the tensor count is 1099511627776");
    out.clear();
    header(3, 0, -1).isRefusedWith("at byte 16: the key count is 18446744073709551615");
  }

  @Test
  void anArrayLongerThanTheFile() throws IOException {
    header(3, 0, 1).string("a").ints(9, 4).longs(1L << 62).isRefusedWith("the length of array a");
  }

  @Test
  void anArrayOfArrays() throws IOException {
    header(3, 0, 1).string("a").ints(9, 9).longs(0, 0).isRefusedWith("array of arrays");
  }

  @Test
  void aTextThatIsNotUtf8() throws IOException {
    header(3, 0, 1).string("a").ints(8).longs(1).out.put((byte) 0xff);
    isRefusedWith("a is not UTF-8");
  }

  @Test
  void oneKeyTwice() throws IOException {
    header(3, 0, 2).string("a").ints(4, 1).string("a").ints(4, 1);
    isRefusedWith("key a occurs twice");
  }

  @Test
  void anAlignmentThatIsNoPowerOfTwo() throws IOException {
    header(3, 0, 1).string("general.alignment").ints(4, 24).isRefusedWith("24 is no power of two");
  }

  @Test
  void aTensorTypeThatIsNotSupported() throws IOException {
    header(3, 1, 0).string("t").ints(1).longs(256).ints(10).longs(0);
    isRefusedWith("tensor t has type 10 (Q2_K), which is not supported");
  }

  @Test
  void dimensionsWhoseProductOverflows() throws IOException {
    header(3, 1, 0).string("t").ints(2).longs(1L << 40, 1L << 40).ints(0).longs(0);
    isRefusedWith("is too large");
  }

  @Test
  void aTensorOutsideOfTheFile() throws IOException {
    header(3, 1, 0).string("t").ints(1).longs(4).ints(0).longs(Long.MAX_VALUE & -32);
    isRefusedWith("tensor t of 16 bytes at offset 9223372036854775776");
  }

  @Test
  void aTensorAtACrookedOffset() throws IOException {
    header(3, 1, 0).string("t").ints(1).longs(4).ints(0).longs(7);
    isRefusedWith("tensor t has offset 7, no multiple of 32");
  }

  @Test
  void rowsThatAreNoWholeBlocks() throws IOException {
    header(3, 1, 0).string("t").ints(1).longs(33).ints(8).longs(0);
    isRefusedWith("tensor t has rows of 33, no multiple of 32 as Q8_0 needs");
  }

  @Test
  void tensorsThatShareBytes() throws IOException {
    header(3, 2, 0).string("t").ints(1).longs(16).ints(0).longs(0);
    string("u").ints(1).longs(16).ints(0).longs(32);
    longs(new long[20]);
    isRefusedWith("tensors t and u overlap");
  }
}
