package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Long conversations: what is near the screen is on the page, and what is read stays put. */
class ChatHistoryTest {
  @RegisterExtension final ChatLab lab = new ChatLab();

  @Test
  void aLongHistoryOpensAtItsEndAndShowsOnlyWhatIsNearTheScreen() {
    String id = lab.service().seed("Long", 10_000);
    BrowserPage device = lab.device().enter();
    device.open("/c/" + id);
    assertThat(device.answers().last()).containsText("Answer 9999");
    String scrollUp =
        """
        async () => {
          const list = document.querySelector('virtual-list');
          let most = 0;
          for (let i = 0; i < 40; i++) {
            list.scrollTop -= 2500;
            await new Promise(requestAnimationFrame);
            await new Promise((resolve) => setTimeout(resolve, 5));
            most = Math.max(most, document.querySelectorAll('article').length);
          }
          return most;
        }
        """;
    assertThat(device.number(scrollUp)).isLessThan(80);
    List<String> shown = device.said().allTextContents();
    assertThat(shown).hasSizeGreaterThan(1);
    List<Integer> numbers =
        shown.stream().map(text -> Integer.valueOf(text.replace("Question ", ""))).toList();
    assertThat(numbers.getFirst()).isLessThan(9_900);
    for (int i = 1; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 2);
    }
    device.button("To the newest message").click();
    device.say("And now?");
    device.seesAnswer(ChatLab.WORDS);
  }

  @Test
  void theReaderOfAnOldMessageStaysThereWhileAnAnswerIsWritten() {
    lab.service().holdAt(ChatLab.MIDDLE);
    String id = lab.service().seed("Long", 200);
    BrowserPage device = lab.device().enter();
    device.open("/c/" + id);
    assertThat(device.answers().last()).containsText("Answer 199");
    device.say("Go on");
    assertThat(device.answers().last()).containsText(ChatLab.HALFWAY);
    device.page.locator("virtual-list").evaluate("list => { list.scrollTop -= 1500; }");
    assertThat(device.page.getByLabel("To the newest message")).isVisible();
    String top = "() => Math.round(document.querySelector('article').getBoundingClientRect().top)";
    int before = device.number(top);
    lab.service().release();
    device.settles();
    assertThat(device.number(top)).isEqualTo(before);
  }

  /** All messages of a conversation come as one page, so that all of them are in memory. */
  private static void loadAtOnce(BrowserPage device) {
    device.page.route(
        url -> url.contains("/messages?limit="),
        route ->
            route.resume(
                new Route.ResumeOptions()
                    .setUrl(route.request().url().replaceFirst("limit=\\d+", "limit=20000"))));
  }

  @Test
  void anAnswerInALongHistoryTouchesNothingButItself() {
    String id = lab.service().seed("Long", 10_000);
    BrowserPage device = lab.device().enter();
    loadAtOnce(device);
    device.open("/c/" + id);
    assertThat(device.page.locator("article").last()).hasAttribute("aria-setsize", "10000");
    lab.service().holdAt(ChatLab.MIDDLE);
    device.say("Go on");
    assertThat(device.answers().last()).containsText(ChatLab.HALFWAY);
    device.page.evaluate(
        """
        () => {
          const list = document.querySelector('virtual-list');
          const last = list.querySelector('article:last-child');
          const seen = (window.seen = {elsewhere: [], added: 0, nodes: 0, left: 0});
          new MutationObserver((records) => {
            for (const {target, type, addedNodes} of records) {
              if (last.contains(target)) seen.added += addedNodes.length;
              else if (!target.matches?.('.window')) seen.elsewhere.push(`${type} ${target.nodeName}`);
            }
          }).observe(list, {subtree: true, childList: true, characterData: true, attributes: true});
          const look = () => {
            if (list.scrollHeight - list.scrollTop - list.clientHeight > 1) seen.left++;
            seen.nodes = Math.max(seen.nodes, document.querySelectorAll('*').length);
            requestAnimationFrame(look);
          };
          look();
        }
        """);
    lab.service().holdAt(2 * ChatLab.MIDDLE);
    assertThat(device.answers().last()).containsText("w80");
    assertThat(device.page.evaluate("seen.elsewhere")).isEqualTo(List.of());
    assertThat(device.number("seen.left")).isZero();
    assertThat(device.number("seen.nodes")).isLessThan(1_500);
    // Words are put into the text that is there, so not even the paragraph is made anew.
    assertThat(device.number("seen.added")).isZero();
    lab.service().release();
    device.seesAnswer(ChatLab.WORDS);
  }

  @Test
  void whatIsReadStaysWhereItIsWhilePagesLoadAboveIt() {
    String id = lab.service().seed("Long", 400);
    BrowserPage device = lab.device().enter();
    var held = new ArrayList<Route>();
    device.page.route(url -> url.contains("before="), held::add);
    device.open("/c/" + id);
    assertThat(device.answers().last()).containsText("Answer 399");
    device.page.locator("virtual-list").evaluate("list => { list.scrollTop = 700; }");
    device.page.waitForCondition(() -> !held.isEmpty());
    device.page.evaluate(
        """
        () => {
          const list = document.querySelector('virtual-list');
          const middle = list.getBoundingClientRect().top + list.clientHeight / 2;
          const read = [...list.querySelectorAll('article')]
            .find((article) => article.getBoundingClientRect().bottom > middle);
          window.top0 = read.getBoundingClientRect().top;
          window.moved = 0;
          const look = () => {
            if (!read.isConnected) window.moved = Infinity;
            else window.moved = Math.max(window.moved, Math.abs(read.getBoundingClientRect().top - window.top0));
            requestAnimationFrame(look);
          };
          look();
        }
        """);
    held.forEach(Route::resume);
    assertThat(device.page.locator("article").last())
        .hasAttribute("aria-setsize", Pattern.compile("100|150"));
    assertThat(device.number("Math.round(moved)")).isZero();
  }
}
