package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Answers, while the service that writes them does what services do: it is slow, it dies, the
 * network goes. Texts are compared to the last character: nothing may be missing or doubled.
 */
class ChatAnswersTest {
  @RegisterExtension final ChatLab lab = new ChatLab();

  @Test
  void aNewcomerTalksAfterOneClick() {
    BrowserPage device = lab.device().enter();
    device.say("Hello?");
    device.seesAnswer(ChatLab.WORDS);
    assertThat(device.said()).hasText("Hello?");
    assertThat(lab.service().texts(device.conversation())).containsExactly("Hello?", ChatLab.WORDS);
  }

  @Test
  void aSecondDeviceSeesTheAnswerWhileItIsWritten() {
    lab.service().holdAt(ChatLab.MIDDLE);
    BrowserPage first = lab.device().enter();
    BrowserPage second = lab.device().enter();
    first.say("To both");
    second.page.locator(".sidebar li a").first().click();
    assertThat(second.said()).hasText("To both");
    assertThat(second.answers()).containsText(ChatLab.HALFWAY);
    lab.service().release();
    first.seesAnswer(ChatLab.WORDS);
    second.seesAnswer(ChatLab.WORDS);
  }

  @Test
  void anAnswerGoesOnAfterARefreshInItsMiddle() {
    lab.service().holdAt(ChatLab.MIDDLE);
    BrowserPage device = lab.device().enter();
    device.say("Refresh me");
    assertThat(device.answers()).containsText(ChatLab.HALFWAY);
    device.page.reload();
    assertThat(device.answers()).containsText(ChatLab.HALFWAY);
    lab.service().release();
    device.seesAnswer(ChatLab.WORDS);
  }

  @Test
  void anAnswerGoesOnAfterTheNetworkWasCut() {
    lab.service().holdAt(ChatLab.MIDDLE);
    BrowserPage device = lab.device().enter();
    device.say("Cut me");
    assertThat(device.answers()).containsText(ChatLab.HALFWAY);
    device.cutNetwork(true);
    device.sees("The connection is lost");
    lab.service().release();
    device.cutNetwork(false);
    device.seesAnswer(ChatLab.WORDS);
    assertThat(device.page.locator(".connection")).hasCount(0);
  }

  @Test
  void anAnswerCanBeStoppedAndAskedForAgain() {
    lab.service().holdAt(ChatLab.MIDDLE);
    BrowserPage device = lab.device().enter();
    device.say("Stop there");
    assertThat(device.answers()).containsText(ChatLab.HALFWAY);
    device.button("Stop the answer").click();
    device.sees("Stopped.");
    lab.service().release();
    lab.service().answers("A new one.");
    device.button("Answer again").click();
    device.seesAnswer("A new one.");
    device.sees("2/2");
  }

  // ---- The server dies --------------------------------------------------------------------------

  private BrowserPage watching(String said) {
    lab.service().holdAt(ChatLab.MIDDLE);
    BrowserPage device = lab.device().enter();
    device.say(said);
    assertThat(device.answers()).containsText(ChatLab.HALFWAY);
    return device;
  }

  private int continuations() {
    return lab.service().requests("/continue");
  }

  @Test
  void anAnswerThatBrokeOffBeforeTheReadersEyesGoesOnByItself() {
    BrowserPage device = watching("Die");
    lab.service().die();
    device.sees("The connection is lost");
    lab.service().release();
    lab.service().listen();
    device.seesAnswer(ChatLab.WORDS);
    device.settles();
    assertThat(lab.service().texts(device.conversation())).containsExactly("Die", ChatLab.WORDS);
    assertThat(continuations()).isEqualTo(1);
  }

  @Test
  void twoDevicesThatWatchedItMakeOneContinuation() {
    BrowserPage first = watching("Die");
    BrowserPage second = lab.device().enter();
    second.open("/c/" + first.conversation());
    assertThat(second.answers()).containsText(ChatLab.HALFWAY);
    int before = lab.service().conversation(first.conversation()).getInteger("version");
    lab.service().die();
    first.sees("The connection is lost");
    second.sees("The connection is lost");
    lab.service().release();
    lab.service().listen();
    first.seesAnswer(ChatLab.WORDS);
    second.seesAnswer(ChatLab.WORDS);
    assertThat(lab.service().texts(first.conversation())).containsExactly("Die", ChatLab.WORDS);
    assertThat(lab.service().conversation(first.conversation()).getInteger("version"))
        .isEqualTo(before + 1);
  }

  @Test
  void anAnswerThatBrokeOffUnseenIsKeptAndContinuedByOneClick() {
    BrowserPage device = watching("Die");
    String id = device.conversation();
    device.page.locator(".row.new").click();
    lab.service().die();
    device.sees("The connection is lost");
    lab.service().release();
    lab.service().listen();
    assertThat(device.page.locator(".connection")).hasCount(0);
    device.page.locator(".sidebar li a").first().click();
    device.sees("This answer broke off");
    assertThat(device.answers()).containsText(ChatLab.HALFWAY);
    assertThat(continuations()).isZero();
    device.button("Continue").click();
    device.seesAnswer(ChatLab.WORDS);
    assertThat(lab.service().texts(id)).containsExactly("Die", ChatLab.WORDS);
  }

  @Test
  void whatBreaksOffASecondTimeWaitsForAClick() {
    BrowserPage device = watching("Die twice");
    lab.service().die();
    device.sees("The connection is lost");
    lab.service().holdAt(2 * ChatLab.MIDDLE);
    lab.service().listen();
    assertThat(device.answers()).containsText("w80");
    lab.service().die();
    device.sees("The connection is lost");
    lab.service().release();
    lab.service().listen();
    device.sees("This answer broke off");
    device.button("Continue").click();
    device.seesAnswer(ChatLab.WORDS);
    assertThat(lab.service().texts(device.conversation()))
        .containsExactly("Die twice", ChatLab.WORDS);
  }
}
