package io.parley.embedded.rocks;

import io.parley.ports.conversation.MessagePartition;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.conversation.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.rocksdb.ColumnFamilyHandle;

/**
 * Messages under the keys conversation, bucket, id. An id is the end of its key, so that the next
 * key is the one with a zero byte behind it. Thread-safe.
 */
final class RocksMessageStore implements MessageStore {
  private final RocksReads reads;
  private final RocksWrites writes;
  private final ColumnFamilyHandle family;

  RocksMessageStore(RocksReads reads, RocksWrites writes, ColumnFamilyHandle family) {
    this.reads = reads;
    this.writes = writes;
    this.family = family;
  }

  @Override
  public void put(MessagePartition partition, StoredMessage message) {
    byte[] key = key(partition, message.id());
    writes.durably(batch -> batch.put(family, key, message.body()));
  }

  @Override
  public Optional<StoredMessage> get(MessagePartition partition, String id) {
    return reads.get(family, key(partition, id)).map(body -> new StoredMessage(id, body));
  }

  @Override
  public List<StoredMessage> page(MessagePartition partition, From from, int most) {
    if (most < 1 || most > MAX_PAGE) {
      throw new IllegalArgumentException(
          "a page has 1 to %d messages: %d".formatted(MAX_PAGE, most));
    }
    byte[] begin = prefix(partition).bytes();
    byte[] end = prefix(partition).end();
    List<RocksReads.Entry> found =
        switch (from) {
          case From.End last -> reads.entries(family, begin, end, false, most);
          case From.Before(String id) ->
              reads.entries(family, begin, key(partition, id), false, most);
          case From.After(String id) ->
              reads.entries(family, behind(key(partition, id)), end, true, most);
        };
    return found.stream().map(entry -> message(entry, begin.length)).toList();
  }

  private static StoredMessage message(RocksReads.Entry entry, int prefix) {
    int length = entry.key().length - prefix;
    return new StoredMessage(
        new String(entry.key(), prefix, length, StandardCharsets.US_ASCII), entry.value());
  }

  @Override
  public void removeConversation(String conversationId, int buckets) {
    byte[] begin = Keys.of(conversationId).bytes();
    byte[] end = Keys.of(conversationId).end();
    writes.durably(batch -> batch.deleteRange(family, begin, end));
  }

  private static Keys prefix(MessagePartition partition) {
    return Keys.of(partition.conversationId()).number(partition.bucket());
  }

  private static byte[] key(MessagePartition partition, String id) {
    byte[] prefix = prefix(partition).bytes();
    byte[] ascii = id.getBytes(StandardCharsets.US_ASCII);
    byte[] key = java.util.Arrays.copyOf(prefix, prefix.length + ascii.length);
    System.arraycopy(ascii, 0, key, prefix.length, ascii.length);
    return key;
  }

  private static byte[] behind(byte[] key) {
    return java.util.Arrays.copyOf(key, key.length + 1);
  }
}
