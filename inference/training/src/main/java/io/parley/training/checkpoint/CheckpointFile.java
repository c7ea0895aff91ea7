package io.parley.training.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The bytes of a checkpoint, little-endian: magic, length of the settings hash and the hash, step,
 * total steps, position, number of weights, weights, first and second moments, CRC-32C of all that.
 */
final class CheckpointFile {
  private static final long MAGIC = 0x31_50_4b_43_59_4c_52_50L; // "PRLYCKP1"
  private static final int LONGEST_SETTINGS = 1024;

  private CheckpointFile() {}

  /** Writes all of it under a temporary name, forces it to the disk, then renames it. */
  static void write(Path file, Checkpoint checkpoint) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = encode(checkpoint);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Empty if the file is cut off or damaged. */
  static Optional<Checkpoint> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int content = bytes.limit() - Long.BYTES;
    if (content < 2 * Long.BYTES || bytes.getLong(content) != checksum(bytes.array(), content)) {
      return Optional.empty();
    }
    return decode(bytes);
  }

  private static ByteBuffer encode(Checkpoint checkpoint) {
    byte[] settings = checkpoint.settings().getBytes(StandardCharsets.UTF_8);
    int count = checkpoint.weights().length;
    int size = Math.toIntExact(6L * Long.BYTES + Integer.BYTES + settings.length + 12L * count);
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putInt(settings.length).put(settings);
    bytes.putLong(checkpoint.step()).putLong(checkpoint.totalSteps());
    bytes.putLong(checkpoint.position()).putLong(count);
    put(bytes, checkpoint.weights());
    put(bytes, checkpoint.firstMoments());
    put(bytes, checkpoint.secondMoments());
    bytes.putLong(checksum(bytes.array(), bytes.position()));
    return bytes.flip();
  }

  private static Optional<Checkpoint> decode(ByteBuffer bytes) {
    if (bytes.getLong() != MAGIC) {
      return Optional.empty();
    }
    int settingsLength = bytes.getInt();
    if (settingsLength < 0 || settingsLength > Math.min(LONGEST_SETTINGS, bytes.remaining())) {
      return Optional.empty();
    }
    byte[] settings = new byte[settingsLength];
    bytes.get(settings);
    long step = bytes.getLong();
    long totalSteps = bytes.getLong();
    long position = bytes.getLong();
    long count = bytes.getLong();
    if (bytes.remaining() != 12 * count + Long.BYTES) {
      return Optional.empty();
    }
    int values = (int) count;
    return Optional.of(
        new Checkpoint(
            new String(settings, StandardCharsets.UTF_8),
            step,
            totalSteps,
            position,
            take(bytes, values),
            take(bytes, values),
            take(bytes, values)));
  }

  private static void put(ByteBuffer bytes, float[] values) {
    bytes.asFloatBuffer().put(values);
    bytes.position(bytes.position() + 4 * values.length);
  }

  private static float[] take(ByteBuffer bytes, int count) {
    float[] values = new float[count];
    bytes.asFloatBuffer().get(values);
    bytes.position(bytes.position() + 4 * count);
    return values;
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }
}
