package io.parley.chat.http;

import io.parley.ports.conversation.MessagePartition;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.conversation.StoredMessage;
import io.parley.ports.data.Database;
import io.parley.ports.objects.ObjectStore;
import io.parley.ports.stream.Piece;
import io.parley.ports.stream.Reading;
import io.parley.ports.stream.StreamBuffers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.HandleCallback;

/**
 * Lets a number of writes through, to whatever store, and no more: as if the process had died after
 * them. Belongs to one thread.
 */
final class Fuse {
  private long left = Long.MAX_VALUE;
  private boolean blown;

  /** Says that nothing is written any more. */
  static final class BlownException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  void blowAfter(int writes) {
    left = writes;
    blown = false;
  }

  void mend() {
    left = Long.MAX_VALUE;
    blown = false;
  }

  boolean hasBlown() {
    return blown;
  }

  private void write() {
    if (left == 0) {
      blown = true;
      throw new BlownException();
    }
    left--;
  }

  Database around(Database database) {
    return new Database() {
      @Override
      public <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
        return database.read(work);
      }

      @Override
      public <T, X extends Exception> T write(HandleCallback<T, X> work) throws X {
        Fuse.this.write();
        return database.write(work);
      }

      @Override
      public void close() {
        database.close();
      }
    };
  }

  ObjectStore around(ObjectStore objects) {
    return new ObjectStore() {
      @Override
      public void put(String key, byte[] bytes) {
        write();
        objects.put(key, bytes);
      }

      @Override
      public Optional<byte[]> get(String key) {
        return objects.get(key);
      }

      @Override
      public void remove(String key) {
        write();
        objects.remove(key);
      }
    };
  }

  MessageStore around(MessageStore store) {
    return new MessageStore() {
      @Override
      public void put(MessagePartition partition, StoredMessage message) {
        write();
        store.put(partition, message);
      }

      @Override
      public Optional<StoredMessage> get(MessagePartition partition, String id) {
        return store.get(partition, id);
      }

      @Override
      public List<StoredMessage> page(MessagePartition partition, From from, int most) {
        return store.page(partition, from, most);
      }

      @Override
      public void removeConversation(String conversationId, int buckets) {
        write();
        store.removeConversation(conversationId, buckets);
      }
    };
  }

  StreamBuffers around(StreamBuffers buffers) {
    return new StreamBuffers() {
      @Override
      public void append(String stream, Piece piece, Duration ttl) {
        write();
        buffers.append(stream, piece, ttl);
      }

      @Override
      public void end(String stream, Duration ttl) {
        write();
        buffers.end(stream, ttl);
      }

      @Override
      public Optional<Reading> read(String stream, long from, int maxBytes) {
        return buffers.read(stream, from, maxBytes);
      }

      @Override
      public Subscription subscribe(String stream, Runnable wake) {
        return buffers.subscribe(stream, wake);
      }

      @Override
      public void remove(String stream) {
        write();
        buffers.remove(stream);
      }
    };
  }
}
