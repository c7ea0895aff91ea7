package io.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The browser of the machine, driven by Playwright. */
final class Chromium implements AutoCloseable {
  private static final Path PROGRAM =
      Path.of(System.getProperty("parley.chromium", "/usr/bin/chromium"));

  private final Playwright playwright;
  final Browser browser;

  Chromium() {
    if (!Files.isExecutable(PROGRAM)) {
      throw new IllegalStateException(
          "The tests of the web app need Chromium, and there is none at %s. Install it (apt-get install chromium), or say where it is with -Dparley.chromium=PATH."
              .formatted(PROGRAM));
    }
    playwright =
        Playwright.create(new Playwright.CreateOptions().setEnv(BrowserPage.withoutDownloads()));
    browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    // Containers seldom allow the namespaces that the sandbox is made of.
                    .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
  }

  BrowserPage device(String url) {
    return device(url, 1280, 820);
  }

  BrowserPage device(String url, int width, int height) {
    var options = new Browser.NewContextOptions().setViewportSize(width, height);
    return new BrowserPage(browser.newContext(options), url);
  }

  @Override
  public void close() {
    playwright.close();
  }
}
