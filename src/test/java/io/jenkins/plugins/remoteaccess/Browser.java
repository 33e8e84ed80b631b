package io.jenkins.plugins.remoteaccess;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * The Chromium of this machine, driven by Playwright on the thread that opened it; {@code CHROMIUM} names one that is elsewhere. A test
 * that needs one is skipped where there is none. What pages say amiss on their consoles is kept, for {@link #nothingAmiss}.
 */
public final class Browser implements AutoCloseable {
    private static final List<String> USUAL =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    /** It asks nobody but Jenkins: its own errands would fail, or be slow, on a machine without the Internet. */
    private static final List<String> ARGUMENTS = List.of(
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** Machines that build are busy; whatever passes does not wait. */
    private static final int PATIENCE_MILLIS = 120_000;

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final List<String> amiss = new CopyOnWriteArrayList<>();

    private Browser(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        // Chromium's own sandbox wants rights that root in a container has not
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(ARGUMENTS)
                        .setChromiumSandbox(false));
    }

    /** Starts it; the caller closes it. */
    public static Browser open() {
        Optional<Path> executable = Stream.concat(Stream.ofNullable(System.getenv("CHROMIUM")), USUAL.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(
                executable.isPresent(),
                "skipped: there is no Chromium; install it (Debian: chromium) or set CHROMIUM to its path");
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        return new Browser(executable.get());
    }

    /** A window of {@code user}, who has logged in with the password that the dummy realm wants; relative URLs are Jenkins'. */
    public Page window(JenkinsRule jenkins, String user) throws IOException {
        BrowserContext context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setBaseURL(jenkins.getURL().toString())
                .setAcceptDownloads(true)
                .setPermissions(List.of("clipboard-read", "clipboard-write"))
                .setViewportSize(1280, 1400));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        Page page = context.newPage();
        page.navigate("login");
        page.locator("[name=j_username]").fill(user);
        page.locator("[name=j_password]").fill(user);
        page.locator("[name=Submit]").click();
        assertThat(page.locator("#root-action-UserAction, .login, [href$='/user/" + user + "']")
                        .first())
                .isAttached();
        listen(context);
        return page;
    }

    private void listen(BrowserContext context) {
        context.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                amiss.add(message.type() + ": " + message.text() + " (" + message.location() + ")");
            }
        });
        context.onWebError(error -> {
            // Of core 2.541, on every tab of the new build page but the first
            if (!error.error().contains("/lib/hudson/build-caption.js")) {
                amiss.add("uncaught: " + error.error());
            }
        });
    }

    /** Fails when a page had errors, warnings or violations of its Content Security Policy. */
    public void nothingAmiss() {
        List<String> said = List.copyOf(amiss);
        amiss.clear();
        assertEquals(List.of(), said);
    }

    /** What axe finds wrong with what {@code selector} names: labels, roles, contrast and more; one line for each. */
    public static List<String> inaccessible(Page page, String selector) {
        return new AxeBuilder(page)
                .include(List.of(selector)).analyze().getViolations().stream()
                        .flatMap(rule -> rule.getNodes().stream()
                                .map(node -> rule.getId() + ": " + rule.getHelp() + ": " + node.getHtml()))
                        .toList();
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
