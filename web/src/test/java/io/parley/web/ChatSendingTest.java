package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing that was typed is lost, and nothing is sent twice. */
class ChatSendingTest {
  @RegisterExtension final ChatLab lab = new ChatLab();

  @Test
  void aMessageThatIsSentWithoutANetworkGoesOutOnceWhenItIsBack() {
    BrowserPage device = lab.device().enter();
    device.say("First");
    device.seesAnswer(ChatLab.WORDS);
    device.settles();
    device.cutNetwork(true);
    device.say("Second");
    device.sees("Waiting for the connection");
    device.cutNetwork(false);
    assertThat(device.said()).hasText(new String[] {"First", "Second"});
    device.settles();
    assertThat(lab.service().texts(device.conversation()))
        .containsExactly("First", ChatLab.WORDS, "Second", ChatLab.WORDS);
  }

  @Test
  void aMessageWhoseConfirmationWasLostIsNotSentTwice() {
    BrowserPage device = lab.device().enter();
    var losses = new AtomicInteger(2);
    device.page.route(
        "**/messages",
        route -> {
          if (route.request().method().equals("POST") && losses.getAndDecrement() > 0) {
            route.fetch();
            route.abort();
          } else {
            route.resume();
          }
        });
    device.say("Only once");
    device.seesAnswer(ChatLab.WORDS);
    device.settles();
    assertThat(losses.get()).isNegative();
    assertThat(lab.service().texts(device.conversation()))
        .containsExactly("Only once", ChatLab.WORDS);
  }

  @Test
  void whatWasTypedSurvivesAConflictWithAnotherDevice() {
    BrowserPage first = lab.device().enter();
    first.say("One");
    first.seesAnswer(ChatLab.WORDS);
    first.settles();
    BrowserPage second = lab.device();
    second.page.route("**/chat/v1/events", route -> route.abort());
    second.enter().open("/c/" + first.conversation());
    second.seesAnswer(ChatLab.WORDS);
    first.say("Two");
    assertThat(first.answers()).hasCount(2);
    first.seesAnswer(ChatLab.WORDS);
    first.settles();
    second.say("Three");
    second.sees("Your text is back in the box");
    assertThat(second.box()).hasValue("Three");
    assertThat(second.said()).hasText(new String[] {"One", "Two"});
    second.box().press("Enter");
    assertThat(first.said()).hasText(new String[] {"One", "Two", "Three"});
    assertThat(lab.service().texts(first.conversation()))
        .startsWith("One", ChatLab.WORDS, "Two", ChatLab.WORDS, "Three");
  }

  @Test
  void aDraftOutlivesARefreshAndGoesWithItsConversation() {
    lab.service().seed("Older", 2);
    BrowserPage device = lab.device().enter();
    device.box().fill("Not yet sent");
    device.page.reload();
    assertThat(device.box()).hasValue("Not yet sent");
    device.page.getByText("Older").click();
    assertThat(device.box()).hasValue("");
    device.button("New conversation").click();
    assertThat(device.box()).hasValue("Not yet sent");
  }

  @Test
  void anEditStartsABranchAndTheOldOneIsOneClickAway() {
    BrowserPage device = lab.device().enter();
    device.say("First wording");
    device.seesAnswer(ChatLab.WORDS);
    device.settles();
    lab.service().answers("Another answer.");
    device.said().hover();
    device.button("Edit and send again").click();
    device.page.locator(".editor textarea").fill("Second wording");
    device.page.locator(".editor .primary").click();
    device.seesAnswer("Another answer.");
    device.sees("2/2");
    device.button("Version before").click();
    device.seesAnswer(ChatLab.WORDS);
    assertThat(device.said()).hasText("First wording");
    device.page.reload();
    device.seesAnswer(ChatLab.WORDS);
    device.sees("1/2");
  }
}
