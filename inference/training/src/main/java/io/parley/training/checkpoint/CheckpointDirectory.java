package io.parley.training.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints of one run. The last {@value #KEPT} stay, so that a file that the disk lost costs
 * some steps and not the run.
 */
public final class CheckpointDirectory {
  private static final int KEPT = 2;
  private static final String PREFIX = "checkpoint-";
  private static final String SUFFIX = ".bin";

  private final Path directory;

  public CheckpointDirectory(Path directory) {
    this.directory = directory;
  }

  /** Stores a checkpoint; when this returns, it survives a crash of the machine. */
  public void save(Checkpoint checkpoint) throws IOException {
    Files.createDirectories(directory);
    String name = String.format(Locale.ROOT, "%s%09d%s", PREFIX, checkpoint.step(), SUFFIX);
    CheckpointFile.write(directory.resolve(name), checkpoint);
    for (Path old : newestFirst().stream().skip(KEPT).toList()) {
      Files.deleteIfExists(old);
    }
  }

  /** The newest checkpoint that is whole; empty if there is none. */
  public Optional<Checkpoint> newest() throws IOException {
    for (Path file : newestFirst()) {
      Optional<Checkpoint> checkpoint = CheckpointFile.read(file);
      if (checkpoint.isPresent()) {
        return checkpoint;
      }
    }
    return Optional.empty();
  }

  private List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(CheckpointDirectory::isCheckpoint)
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  private static boolean isCheckpoint(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
  }
}
