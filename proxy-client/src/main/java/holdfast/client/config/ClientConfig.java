package holdfast.client.config;

import holdfast.agreement.AcceptRules;
import holdfast.console.Settings;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The file {@code client.toml}, whole.
 *
 * @param account written by {@code login}
 * @param run written by the user
 * @param accept what the user accepts of gateways
 */
public record ClientConfig(Account account, RunSettings run, AcceptRules accept) {
    /**
     * Reads the file.
     *
     * @throws holdfast.console.FatalException 78 with the place of what is wrong
     */
    public static ClientConfig read(Path file) throws IOException {
        Settings settings = Settings.read(file);
        RunSettings run = RunSettings.read(settings.table("run"));
        AcceptRules accept = AcceptTable.read(settings.table("accept"));
        Account account = Account.read(file, settings);
        return new ClientConfig(account, run, accept);
    }
}
