package io.parley.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.parley.gateway.operations.ModelLoad;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.data.Database;
import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.log.EventLog;
import io.parley.ports.model.ModelPool;
import io.parley.ports.objects.ObjectStore;
import io.parley.ports.search.SearchIndex;
import io.parley.ports.stream.StreamBuffers;
import java.util.List;

/**
 * What a server runs on: one method for each port that its services need. An implementation is the
 * list of its adapters and nothing else; whatever both worlds need around a port is put there once,
 * by {@link Platform}.
 */
public interface Profile extends AutoCloseable {
  Database database();

  EphemeralStore ephemeralStore();

  MessageStore messageStore();

  EventLog eventLog();

  StreamBuffers streamBuffers();

  ObjectStore objectStore();

  SearchIndex searchIndex();

  ModelPool modelPool();

  /** What the engines are doing, one entry a model; cheap. */
  List<ModelLoad> modelLoads();

  /** What the adapters tell of themselves. */
  MeterBinder metrics();

  /** Gives back what the adapters hold. Services must have stopped before. */
  @Override
  void close();
}
