package io.parley.serving;

import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationEvent.Ended;
import io.parley.ports.model.GenerationListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Keeps all events of one generation, and lets a test wait for the first text and for the end. */
public final class Heard implements GenerationListener {
  private static final long LIMIT_SECONDS = 30;

  private final List<GenerationEvent> events = new CopyOnWriteArrayList<>();
  private final CompletableFuture<String> firstText = new CompletableFuture<>();
  private final CompletableFuture<Ended> end = new CompletableFuture<>();

  @Override
  public void on(GenerationEvent event) {
    events.add(event);
    if (event instanceof GenerationEvent.Text text) {
      firstText.complete(text.text());
    } else if (event instanceof Ended ended) {
      end.complete(ended);
    }
  }

  public List<GenerationEvent> events() {
    return events;
  }

  public String text() {
    StringBuilder text = new StringBuilder();
    for (GenerationEvent event : events) {
      if (event instanceof GenerationEvent.Text piece) {
        text.append(piece.text());
      }
    }
    return text.toString();
  }

  public void awaitFirstText() throws Exception {
    firstText.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  public Ended awaitEnd() throws Exception {
    return end.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }
}
