package io.parley.model.family;

import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.kernel.Kernels;
import io.parley.model.source.Metadata;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import java.util.List;
import java.util.stream.Collectors;

/** Finds a model's family and loads it. */
public final class Families {
  private static final String ARCHITECTURE = "general.architecture";
  private static final List<Family> ALL = List.of(Family.all());

  private Families() {}

  /** As {@link #load(ModelSource, Kernels)}, with the fastest kernels of this machine. */
  public static DecoderModel load(ModelSource source) {
    return load(source, Kernels.best());
  }

  /**
   * Reads a model; the source may be closed afterwards.
   *
   * @throws ModelFileException if it is of no known family, uses a part of its architecture that is
   *     not supported, lacks a tensor or has one too many, or a number in it is out of range
   */
  public static DecoderModel load(ModelSource source, Kernels kernels) {
    return DecoderModel.read(config(source), source, kernels);
  }

  /**
   * The sizes and parts of a model, without its weights.
   *
   * @throws ModelFileException as {@link #load(ModelSource, Kernels)} does
   */
  public static DecoderConfig config(ModelSource source) {
    Metadata metadata = source.metadata();
    String architecture = metadata.string(ARCHITECTURE);
    Family family =
        ALL.stream()
            .filter(f -> f.architecture().equals(architecture))
            .findFirst()
            .orElseThrow(
                () ->
                    metadata.failure(
                        ARCHITECTURE,
                        "architecture \"%s\" is not supported; supported are %s"
                            .formatted(architecture, supported())));
    FamilyKeys keys = new FamilyKeys(source, architecture);
    try {
      return keys.config(family);
    } catch (IllegalArgumentException e) {
      throw metadata.failure(architecture, String.valueOf(e.getMessage()));
    }
  }

  private static String supported() {
    return ALL.stream().map(Family::architecture).collect(Collectors.joining(", "));
  }
}
