package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.GitBackend;
import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.SshServer;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import holdfast.itest.harness.WebServer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** git clones and pushes, over HTTP and over ssh. */
class GitTest {
    private static final int FILES = 50;
    private static final int FILE_BYTES = 200_000;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @TempDir
    Path folder;

    private Path repository;
    private String head;

    /** Random content, so that the pack is large: {@value #FILES} files of {@value #FILE_BYTES} bytes. */
    @BeforeEach
    void makeRepository() throws Exception {
        Path work = Files.createDirectories(folder.resolve("work"));
        for (int i = 0; i < FILES; i++) {
            Files.write(work.resolve("file" + i), Pattern.bytes(i * 100_003L, FILE_BYTES));
        }
        git("init", "--quiet", work.toString());
        git("-C", work.toString(), "add", ".");
        git("-C", work.toString(), "commit", "--quiet", "--message", "All of it");
        head = git("-C", work.toString(), "rev-parse", "HEAD");
        repository = Files.createDirectories(folder.resolve("served")).resolve("it.git");
        git("clone", "--quiet", "--bare", work.toString(), repository.toString());
        git("-C", repository.toString(), "config", "http.receivepack", "true");
    }

    private String git(String... words) throws Exception {
        return prepared(Program.of("git", words)).run().ok().output().strip();
    }

    private Program prepared(Program git) {
        return git.with("GIT_CONFIG_GLOBAL", "/dev/null")
                .with("GIT_CONFIG_SYSTEM", "/dev/null")
                .with("GIT_AUTHOR_NAME", "Test")
                .with("GIT_AUTHOR_EMAIL", "test@localhost")
                .with("GIT_COMMITTER_NAME", "Test")
                .with("GIT_COMMITTER_EMAIL", "test@localhost")
                .with("GIT_TERMINAL_PROMPT", "0");
    }

    @Test
    void cloneAndPushOverHttp() throws Exception {
        try (WebServer server =
                WebServer.http(InetAddress.getLoopbackAddress()).withGit(new GitBackend(folder.resolve("served")))) {
            String url = "http://localhost:" + server.port() + "/git/it.git";
            String proxy = "http.proxy=" + BED.proxyUrl();

            cloneAndPush(url, List.of("-c", proxy), "");
        }
    }

    @Test
    void cloneAndPushOverSsh() throws Exception {
        try (SshServer server = SshServer.start(folder)) {
            String proxy =
                    Tools.require("ncat") + " --proxy-type socks5 --proxy 127.0.0.1:" + BED.socksPort() + " %h %p";
            List<String> ssh = server.client(proxy);
            ssh.set(ssh.size() - 1, "'" + ssh.get(ssh.size() - 1) + "'");

            cloneAndPush("ssh://127.0.0.1:" + server.port() + repository, List.of(), String.join(" ", ssh));
        }
    }

    private void cloneAndPush(String url, List<String> options, String ssh) throws Exception {
        Path copy = folder.resolve("copy");
        run(options, ssh, "clone", "--quiet", url, copy.toString());
        assertThat(git("-C", copy.toString(), "rev-parse", "HEAD")).isEqualTo(head);
        assertThat(copy.resolve("file7")).hasBinaryContent(Pattern.bytes(7 * 100_003L, FILE_BYTES));
        git("-C", copy.toString(), "fsck", "--strict");

        Files.write(copy.resolve("new"), Pattern.bytes(999, 3_000_000));
        git("-C", copy.toString(), "add", ".");
        git("-C", copy.toString(), "commit", "--quiet", "--message", "More of it");
        run(options, ssh, "-C", copy.toString(), "push", "--quiet", "origin", "HEAD");
        assertThat(git("-C", repository.toString(), "rev-parse", "HEAD"))
                .isEqualTo(git("-C", copy.toString(), "rev-parse", "HEAD"));
    }

    private void run(List<String> options, String ssh, String... words) throws Exception {
        String[] all = java.util.stream.Stream.concat(options.stream(), java.util.stream.Stream.of(words))
                .toArray(String[]::new);
        prepared(Program.of("git", all)).with("GIT_SSH_COMMAND", ssh).run().ok();
    }
}
