package io.parley.training.cli;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.ports.model.ModelPool;
import io.parley.serving.AliasTable;
import io.parley.serving.LocalModelPool;
import io.parley.serving.decoder.ModelLoader;
import io.parley.serving.decoder.ModelSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Serves one model file in this process, as the server would. Thread-safe. */
final class SingleModel {
  private static final String SUFFIX = ".gguf";

  private final ModelLoader loader;

  SingleModel(TimeSource time) {
    // There is one client in this process: the prefix cache has nothing to hide.
    this.loader = new ModelLoader(time, () -> 0);
  }

  /**
   * A pool of the file's model alone, under the file's name; closing it ends the model.
   *
   * @throws ParleyException INVALID_REQUEST if there is no such file or it holds no model
   */
  ModelPool serve(Path file) {
    if (!Files.isRegularFile(file)) {
      throw ParleyException.invalid("MODEL: there is no file " + file);
    }
    String name = file.getFileName().toString();
    String id = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    // Seeds are for answers that are drawn; an evaluation draws none.
    return new LocalModelPool(
        List.of(loader.load(ModelSettings.of(id, file))), AliasTable.EMPTY, () -> 0);
  }
}
