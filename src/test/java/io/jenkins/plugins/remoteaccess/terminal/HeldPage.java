package io.jenkins.plugins.remoteaccess.terminal;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jvnet.hudson.test.JenkinsRule;

/** The Remote Access page of a held build in a real Chromium, as the user {@code granted} sees it. */
final class HeldPage implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);

    private final List<String> problems = new ArrayList<>();
    private final Browser browser = new Browser();
    private final Page page;

    HeldPage(JenkinsRule jenkins, HeldBuild held) throws Exception {
        page = browser.page(Boolean.getBoolean("terminal.dark"));
        page.setDefaultTimeout(LONG.toMillis());
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                problems.add(message.text());
            }
        });
        page.onPageError(problems::add);
        page.navigate(jenkins.getURL() + "login");
        page.fill("[name=j_username]", "granted");
        page.fill("[name=j_password]", "granted");
        page.click("[name=Submit]");
        page.navigate(jenkins.getURL() + held.run().getUrl() + "remote-access/");
    }

    Page page() {
        return page;
    }

    /** Violations of the content security policy and errors, up to now. */
    List<String> problems() {
        return problems;
    }

    /** Presses the first button of this name. */
    void press(String name) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name))
                .first()
                .click();
    }

    /** Waits for the page, and says what {@code shown} is when it does not come. */
    void await(BooleanSupplier condition, Supplier<String> shown) {
        try {
            page.waitForCondition(condition);
        } catch (TimeoutError e) {
            screenshot("failed");
            throw new AssertionError("problems: " + problems + ", shown:\n" + shown.get(), e);
        }
    }

    /** For who wants to look: into the directory named by the property {@code screenshots}. */
    void screenshot(String name) {
        String folder = System.getProperty("screenshots");
        if (folder != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(folder, name + ".png"))
                    .setFullPage(true));
        }
    }

    @Override
    public void close() {
        browser.close();
    }
}
