package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** People: how they come in, what they settle, how they go. */
class ChatAccountsTest {
  private static final String MAIL = "ada@example.com";
  private static final String PASSWORD = "correct horse";

  @RegisterExtension final ChatLab lab = new ChatLab();

  private void fill(BrowserPage device, String field, String value) {
    device.page.getByLabel(field).fill(value);
  }

  private void press(BrowserPage device, String name) {
    device.named(AriaRole.BUTTON, name).click();
  }

  /** A device on which somebody with an account has signed in. */
  private BrowserPage ada() {
    lab.service().people(people -> people.name(MAIL, "Ada Lovelace", PASSWORD));
    BrowserPage device = lab.device().open("/sign-in");
    signIn(device, PASSWORD);
    assertThat(device.box()).isFocused();
    return device;
  }

  private void signIn(BrowserPage device, String password) {
    fill(device, "Mail address", MAIL);
    fill(device, "Password", password);
    device.page.keyboard().press("Enter");
  }

  // ---- Coming in --------------------------------------------------------------------------------

  @Test
  void aNewcomerAsksBeforeAnybodyAsksThem() {
    BrowserPage device = lab.device().open("/");
    assertThat(device.page.getByLabel("Message")).isFocused();
    device.page.keyboard().type("Hello?");
    device.page.keyboard().press("Enter");
    device.seesAnswer(ChatLab.WORDS);
    assertThat(device.said()).hasText("Hello?");
    assertThat(lab.service().texts(device.conversation())).containsExactly("Hello?", ChatLab.WORDS);
  }

  @Test
  void aQuestionToBeginWithIsAskedByOneClick() {
    BrowserPage device = lab.device().open("/");
    press(device, "What is Parley?");
    device.seesAnswer(ChatLab.WORDS);
    device.page.locator(".sidebar .row.new").click();
    press(device, "What is 17 plus 25?");
    assertThat(device.said()).hasText("What is 17 plus 25?");
    device.seesAnswer(ChatLab.WORDS);
  }

  @Test
  void somebodySignsUpAndWhatIsWrongIsSaidAtItsField() {
    BrowserPage device = lab.device().open("/sign-in");
    device.button("Create an account").click();
    fill(device, "Name", "Ada Lovelace");
    fill(device, "Mail address", StubAccounts.TAKEN);
    fill(device, "Password", "short");
    press(device, "Create the account");
    Locator mail = device.page.getByLabel("Mail address");
    assertThat(mail).hasAttribute("aria-invalid", "true");
    assertThat(mail).isFocused();
    assertThat(mail).hasAccessibleDescription("This address has an account already; log in to it.");
    mail.fill(MAIL);
    press(device, "Create the account");
    Locator password = device.page.getByLabel("Password");
    assertThat(password).isFocused();
    assertThat(password).hasAccessibleDescription("Must have 8 to 256 characters.");
    assertThat(mail).not().hasAttribute("aria-invalid", "true");
    password.fill(PASSWORD);
    press(device, "Create the account");
    assertThat(device.box()).isFocused();
    assertThat(device.page.locator(".who .name")).hasText("Ada Lovelace");
  }

  @Test
  void aGuestWhoSignsUpKeepsTheConversation() {
    BrowserPage device = lab.device().enter();
    device.say("Mine");
    device.seesAnswer(ChatLab.WORDS);
    press(device, "Create an account");
    assertThat(device.page.getByLabel("Name")).isFocused();
    fill(device, "Name", "Ada Lovelace");
    fill(device, "Mail address", MAIL);
    fill(device, "Password", PASSWORD);
    press(device, "Create the account");
    assertThat(device.page.locator("dialog")).hasCount(0);
    assertThat(device.page.locator(".who .name")).hasText("Ada Lovelace");
    assertThat(device.said()).hasText("Mine");
    device.page.reload();
    assertThat(device.page.locator(".who .name")).hasText("Ada Lovelace");
  }

  @Test
  void aWrongPasswordIsRefusedAndTooManyAreSlowedDown() {
    lab.service().people(people -> people.name(MAIL, "Ada", PASSWORD));
    BrowserPage device = lab.device().open("/");
    press(device, "Sign in");
    assertThat(device.page.getByLabel("Mail address")).isFocused();
    Locator alert = device.page.getByRole(AriaRole.ALERT);
    signIn(device, "wrong horse");
    assertThat(alert).hasText("There is no account with this address and password.");
    // A click that comes while the one before is being answered does nothing: there is no counting.
    for (int i = 0; i < 20 && !alert.textContent().startsWith("Too many"); i++) {
      assertThat(device.named(AriaRole.BUTTON, "Sign in")).isEnabled();
      signIn(device, "wrong horse " + i);
    }
    assertThat(device.named(AriaRole.BUTTON, "Sign in")).isEnabled();
    Response refused = device.page.waitForResponse("**/login", () -> signIn(device, PASSWORD));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(alert).hasText("Too many failed log-ins to this account; try again in 45 s.");
    assertThat(device.page.getByLabel("Password")).hasValue(PASSWORD);
  }

  @Test
  void whereGuestsAreNotLetInTheFirstPageAsksWhoIsThere() {
    lab.service().people(StubAccounts::refuseGuests);
    BrowserPage device = lab.device().open("/");
    assertThat(device.page.getByLabel("Mail address")).isVisible();
    assertThat(device.page.getByText("Start talking")).hasCount(0);
    assertThat(device.page.getByText("Go on as a guest")).hasCount(0);
  }

  @Test
  void aProviderOfTheCompanyIsOneClickAway() {
    lab.service().people(people -> people.offer("corp", "Example"));
    BrowserPage device = lab.device().open("/");
    device.named(AriaRole.LINK, "Sign in with Example").click();
    assertThat(device.box()).isFocused();
  }

  @Test
  void whoAProviderDoesNotVouchForIsToldSoInOurWords() {
    lab.service().people(people -> people.offer("corp", "Example"));
    lab.service().people(people -> people.sendBack("refused"));
    BrowserPage device = lab.device().open("/");
    device.named(AriaRole.LINK, "Sign in with Example").click();
    device.sees("the provider did not confirm who you are");
    lab.service().people(people -> people.sendBack("%3Cb%3ECall+this+number"));
    device.named(AriaRole.LINK, "Sign in with Example").click();
    assertThat(device.page.getByLabel("Mail address")).isVisible();
    assertThat(device.page.getByText("Call this number")).hasCount(0);
  }

  @Test
  void signingOutEndsTheSessionAndKeepsWhatWasTyped() {
    BrowserPage device = ada();
    device.box().fill("Not yet sent");
    device.chooseOfMine("Sign out");
    device.sees("Start talking");
    device.open("/sign-in");
    signIn(device, PASSWORD);
    assertThat(device.box()).hasValue("Not yet sent");
  }

  @Test
  void aSessionThatEndedElsewhereLeadsToTheFirstPage() {
    BrowserPage device = lab.device().enter();
    device.context().clearCookies();
    device.say("Anybody there?");
    device.sees("Start talking");
  }

  @Test
  void aServerThatCannotSayWhoIsThereIsAskedUntilItCan() {
    BrowserPage device = lab.device().enter();
    var busy = new AtomicInteger(1);
    device.page.route(
        "**/chat/v1/me",
        route -> {
          if (busy.getAndDecrement() > 0) {
            route.fulfill(new Route.FulfillOptions().setStatus(529));
          } else {
            route.resume();
          }
        });
    device.page.reload();
    device.sees("The server answered 529.");
    assertThat(device.box()).isFocused();
  }

  // ---- Settings ---------------------------------------------------------------------------------

  @Test
  void aWrongOldPasswordIsSaidAtItsFieldAndSignsNobodyOut() {
    BrowserPage device = ada();
    device.chooseOfMine("Settings");
    fill(device, "Password now", "wrong horse");
    fill(device, "New password", "battery staple");
    press(device, "Change the password");
    assertThat(device.page.getByLabel("Password now"))
        .hasAccessibleDescription("Is not this account's.");
    assertThat(device.dialog("Settings")).isVisible();
  }

  @Test
  void aNewPasswordSignsOutAllOtherDevices() {
    BrowserPage other = ada();
    BrowserPage device = ada();
    device.chooseOfMine("Settings");
    fill(device, "Password now", PASSWORD);
    fill(device, "New password", "battery staple");
    press(device, "Change the password");
    device.sees("All other devices are signed out.");
    assertThat(device.page.getByLabel("New password")).hasValue("");
    other.say("Am I still here?");
    other.sees("Start talking");
    other.open("/sign-in");
    signIn(other, "battery staple");
    assertThat(other.box()).hasValue("");
    device.page.keyboard().press("Escape");
    device.say("I am.");
    device.seesAnswer(ChatLab.WORDS);
  }

  @Test
  void aNewPasswordThatIsTooShortIsSaidAtItsField() {
    BrowserPage device = ada();
    device.chooseOfMine("Settings");
    fill(device, "Password now", PASSWORD);
    fill(device, "New password", "short");
    press(device, "Change the password");
    assertThat(device.page.getByLabel("New password"))
        .hasAccessibleDescription("Must have 8 to 256 characters.");
  }

  @Test
  void aDeviceOutOfReachIsSignedOutFromAnother() {
    BrowserPage other = ada();
    BrowserPage device = ada();
    device.chooseOfMine("Settings");
    press(device, "Sign out everywhere else");
    device.sees("All other devices are signed out.");
    other.say("Am I still here?");
    other.sees("Start talking");
  }

  @Test
  void notificationsAreChosenAndTheSecretOfAWebhookIsShownOnce() {
    BrowserPage device = ada();
    device.chooseOfMine("Settings");
    device.page.getByLabel("Send a mail to " + MAIL).check();
    Locator webhook = device.page.getByLabel("Call this address (webhook)");
    webhook.fill("http://10.0.0.1/hook");
    press(device, "Save");
    assertThat(webhook)
        .hasAccessibleDescription("Leads to an address that not everybody can call.");
    webhook.fill("https://example.com/hook");
    press(device, "Save");
    assertThat(device.named(AriaRole.TEXTBOX, "Secret")).hasValue("whsec_0123456789");
    device.page.keyboard().press("Escape");
    device.chooseOfMine("Settings");
    assertThat(device.page.getByLabel("Send a mail to " + MAIL)).isChecked();
    assertThat(webhook).hasValue("https://example.com/hook");
    press(device, "Save");
    device.sees("Saved.");
    assertThat(device.named(AriaRole.TEXTBOX, "Secret")).hasCount(0);
  }

  @Test
  void whatAGuestCannotHaveIsNotOffered() {
    BrowserPage device = lab.device().enter();
    device.chooseOfMine("Settings");
    device.sees("64 of 200 messages used today");
    assertThat(device.dialog("Settings").locator("input")).hasCount(0);
  }

  @Test
  void anAccountIsErasedWithItsPasswordAndNotWithout() {
    BrowserPage device = ada();
    device.say("To be forgotten");
    device.seesAnswer(ChatLab.WORDS);
    device.chooseOfMine("Settings");
    press(device, "Delete everything of mine");
    assertThat(device.named(AriaRole.BUTTON, "Keep everything")).isFocused();
    press(device, "Delete for good");
    assertThat(device.page.getByLabel("Password"))
        .hasAccessibleDescription("Is not this account's.");
    fill(device, "Password", PASSWORD);
    press(device, "Delete for good");
    device.sees("Start talking");
    device.page.reload();
    device.sees("Start talking");
  }
}
