package io.parley.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * What a test of the chat app has: a service that does what it is told, and devices. There is one
 * browser for all tests. At the end of each test no page may have had an error, a breach of its
 * policy, or a request to another host.
 */
final class ChatLab implements BeforeEachCallback, AfterEachCallback {
  /** What answers say unless a test wants something else: no two words of it are the same. */
  static final String WORDS =
      IntStream.range(0, 120).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));

  /** A place within {@link #WORDS}, in characters, after the word {@link #HALFWAY}. */
  static final int MIDDLE = 200;

  static final String HALFWAY = "w40";

  private final List<BrowserPage> devices = new ArrayList<>();
  private @Nullable Chromium chromium;
  private @Nullable ChatStub service;

  @Override
  public void beforeEach(ExtensionContext context) {
    chromium =
        context
            .getRoot()
            .getStore(Namespace.GLOBAL)
            .getOrComputeIfAbsent(Chromium.class, key -> new Chromium(), Chromium.class);
    service = new ChatStub();
    service().answers(WORDS);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    try {
      devices.forEach(BrowserPage::isSound);
    } finally {
      devices.forEach(BrowserPage::close);
      devices.clear();
      service().close();
    }
  }

  ChatStub service() {
    return Objects.requireNonNull(service);
  }

  /** A device that has not opened anything yet. */
  BrowserPage device() {
    return device(1280, 820);
  }

  BrowserPage device(int width, int height) {
    devices.add(Objects.requireNonNull(chromium).device(service().url(), width, height));
    return devices.getLast();
  }
}
