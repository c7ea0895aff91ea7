package io.parley.model.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.StrictJson;
import io.parley.model.source.WeightFile;
import io.parley.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The weights of a directory, in one file or in several that an index names. */
final class Shards implements AutoCloseable {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final long MAX_INDEX_BYTES = 64L << 20;
  private static final int MAX_FILES = 1_000;

  private final List<WeightFile> open = new ArrayList<>();
  private final Path directory;

  Shards(Path directory) {
    this.directory = directory;
  }

  /** All tensors, readable until these shards are closed; to be called once. */
  Map<String, Tensor> read() throws IOException {
    Path index = directory.resolve(INDEX);
    if (!Files.exists(index)) {
      return read(SINGLE);
    }
    JsonNode places = StrictJson.readObject(index, MAX_INDEX_BYTES).path("weight_map");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String file : files(index, places)) {
      read(file).forEach((name, tensor) -> add(index, places, file, tensor, tensors));
    }
    places
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!tensors.containsKey(name)) {
                throw failure(index, "tensor %s is in none of the files".formatted(name));
              }
            });
    return tensors;
  }

  private Map<String, Tensor> read(String name) throws IOException {
    WeightFile file = WeightFile.open(directory.resolve(name));
    open.add(file);
    return SafetensorsFile.read(file);
  }

  private static Set<String> files(Path index, JsonNode places) {
    Set<String> files = new TreeSet<>();
    for (JsonNode place : places) {
      String file = place.asText("");
      if (!file.endsWith(".safetensors") || file.contains("/") || file.contains("\\")) {
        throw failure(
            index, "weight_map must name files beside it, *.safetensors, not %s".formatted(place));
      }
      files.add(file);
    }
    if (files.isEmpty() || files.size() > MAX_FILES) {
      throw failure(
          index, "weight_map must name 1 to %d files, not %d".formatted(MAX_FILES, files.size()));
    }
    return files;
  }

  private static void add(
      Path index, JsonNode places, String file, Tensor tensor, Map<String, Tensor> tensors) {
    if (!places.path(tensor.name()).asText("").equals(file)) {
      throw failure(
          index, "tensor %s is in %s, not where weight_map says".formatted(tensor.name(), file));
    }
    tensors.put(tensor.name(), tensor);
  }

  private static ModelFileException failure(Path index, String problem) {
    return new ModelFileException(index + ": " + problem);
  }

  @Override
  public void close() {
    open.forEach(WeightFile::close);
  }
}
