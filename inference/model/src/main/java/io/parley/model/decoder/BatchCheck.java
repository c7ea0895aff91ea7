package io.parley.model.decoder;

/** Refuses a batch that would read or write where it must not, before anything is computed. */
final class BatchCheck {
  private final DecoderConfig config;
  private final KvCache cache;
  private final int maxRows;

  BatchCheck(DecoderConfig config, KvCache cache, int maxRows) {
    this.config = config;
    this.cache = cache;
    this.maxRows = maxRows;
  }

  void check(ForwardBatch batch, float[] logits) {
    require("rows", batch.rows(), 1, maxRows);
    for (int row = 0; row < batch.rows(); row++) {
      checkRow(batch, row);
    }
    require("output rows", batch.outputRows().length, 0, maxRows);
    for (int row : batch.outputRows()) {
      require("output row", row, 0, batch.rows() - 1);
    }
    if (logits.length < (long) batch.outputRows().length * config.vocabularySize()) {
      throw new IllegalArgumentException(
          "logits hold %d floats, not %d rows of %d"
              .formatted(logits.length, batch.outputRows().length, config.vocabularySize()));
    }
  }

  private void checkRow(ForwardBatch batch, int row) {
    require("token", batch.tokens()[row], 0, config.vocabularySize() - 1);
    require("position", batch.positions()[row], 0, config.contextTokens() - 1);
    require("sequence", batch.sequence()[row], 0, batch.blockTables().length - 1);
    boolean continues = row > 0 && batch.sequence()[row] == batch.sequence()[row - 1];
    if (continues && batch.positions()[row] != batch.positions()[row - 1] + 1) {
      throw new IllegalArgumentException(
          "positions of a sequence must rise by one: row %d is at %d after %d"
              .formatted(row, batch.positions()[row], batch.positions()[row - 1]));
    }
    int[] table = batch.blockTables()[batch.sequence()[row]];
    int last = batch.positions()[row] / cache.blockTokens();
    require("block index", last, 0, table.length - 1);
    for (int i = continues ? last : 0; i <= last; i++) {
      require("block", table[i], 0, cache.blocks() - 1);
    }
  }

  private static void require(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s must be in [%d, %d], not %d".formatted(name, min, max, value));
    }
  }
}
