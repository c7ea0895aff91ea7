package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a model writes, as it is shown. */
class ChatTextTest {
  @RegisterExtension final ChatLab lab = new ChatLab();

  @Test
  void whatAModelWritesCannotDoAnything() {
    lab.service()
        .answers(
            """
        <script>alert(1)</script> <img src=x onerror=alert(2)> <b onclick="alert(3)">bold?</b>

        [click](javascript:alert(4)) ![picture](https://example.org/track.png)

        <style>body { display: none }</style>
        <iframe src="https://example.org"></iframe>

        $$\\href{javascript:alert(5)}{x} + \\frac{1}{2}$$

        End of the attack.
        """);
    BrowserPage device = lab.device().enter();
    var dialogs = new AtomicInteger();
    device.page.onDialog(
        (Dialog dialog) -> {
          dialogs.incrementAndGet();
          dialog.dismiss();
        });
    device.say("Attack");
    device.sees("End of the attack.");
    device.settles();
    for (Locator link : device.answers().locator("a").all()) {
      link.click(new Locator.ClickOptions().setTrial(true));
      assertThat(String.valueOf(link.getAttribute("href"))).doesNotStartWith("javascript");
    }
    // The styles of KaTeX are set on its nodes one by one, which the policy allows.
    assertThat(
            device
                .answers()
                .locator(
                    "script, img, iframe, style, b, [onerror], [onclick], [style]:not(.katex *)"))
        .hasCount(0);
    assertThat(dialogs.get()).isZero();
  }

  @Test
  void anAnswerShowsCodeTablesAndMathematics() {
    lab.service()
        .answers(
            """
        Some `code` and **bold** words, at $5 or $6.

        ```java
        int x = 1; // one
        ```

        | a | b |
        |---|--:|
        | 1 | 2 |

        The root $\\sqrt{2}$ and

        $$\\int_0^1 x\\,dx$$
        """);
    BrowserPage device = lab.device().enter();
    device.say("Show me");
    device.settles();
    assertThat(device.answers().locator("figure.code .hljs-comment")).hasText("// one");
    assertThat(device.answers().locator("td[align=right]")).hasText("2");
    assertThat(device.answers().locator(".formula")).hasCount(2);
    assertThat(device.answers().locator("p").first())
        .hasText("Some code and bold words, at $5 or $6.");
    device.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    device.answers().locator(".copy").click();
    assertThat(device.answers().locator(".copy")).containsText("Copied");
    assertThat(device.page.evaluate("() => navigator.clipboard.readText()"))
        .isEqualTo("int x = 1; // one");
  }

  @Test
  void whatIsSelectedStaysSelectedWhileTheAnswerGrows() {
    String begun = "1. first **thing**\n2. second thing\n3. third";
    lab.service().answers(begun + " thing\n4. fourth thing");
    lab.service().holdAt(begun.length());
    BrowserPage device = lab.device().enter();
    device.say("List them");
    assertThat(device.answers().locator("li").last()).hasText("third");
    device.page.evaluate(
        "() => getSelection().selectAllChildren(document.querySelector('markdown-body li'))");
    lab.service().release();
    assertThat(device.answers().locator("li").last()).hasText("fourth thing");
    assertThat(device.answers().locator("li").nth(2)).hasText("third thing");
    assertThat(device.page.evaluate("() => getSelection().toString()")).isEqualTo("first thing");
  }

  @Test
  void aTableIsNotShownAsBarsBeforeItIsOne() {
    String begun = "Look:\n\n| name | size |\n|--";
    lab.service().answers(begun + "|---|\n| one | 2 |");
    lab.service().holdAt(begun.length());
    BrowserPage device = lab.device().enter();
    device.say("Show a table");
    assertThat(device.answers()).hasText("Look:");
    lab.service().release();
    device.settles();
    assertThat(device.answers().locator("td")).hasText(new String[] {"one", "2"});
  }

  @Test
  void aWholeAnswerIsCopiedAsItWasWritten() {
    lab.service().answers("Some **bold** words and `code`.");
    BrowserPage device = lab.device().enter();
    device.say("Write");
    device.settles();
    device.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    device.button("Copy this message").hover();
    device.page.getByLabel("Copy this message").last().click();
    assertThat(device.page.locator(".tools .done")).hasCount(1);
    assertThat(device.page.evaluate("() => navigator.clipboard.readText()"))
        .isEqualTo("Some **bold** words and `code`.");
  }

  @Test
  void whatIsStillOpenAtTheEndOfAnAnswerIsShownAsItWasWritten() {
    lab.service().answers("So a[i and **b");
    BrowserPage device = lab.device().enter();
    device.say("Break off");
    device.seesAnswer("So a[i and **b");
  }
}
