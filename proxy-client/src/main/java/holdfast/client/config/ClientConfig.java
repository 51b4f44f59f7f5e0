package holdfast.client.config;

import holdfast.agreement.AcceptRules;
import holdfast.console.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file {@code client.toml}, whole.
 *
 * @param account written by {@code login}; empty where there was none yet
 * @param run written by the user
 * @param accept what the user accepts of gateways
 */
public record ClientConfig(Optional<Account> account, RunSettings run, AcceptRules accept) {
    /**
     * Reads the file.
     *
     * @throws holdfast.console.FatalException 78 with the place of what is wrong
     */
    public static ClientConfig read(Path file) throws IOException {
        Settings settings = Settings.read(file);
        RunSettings run = RunSettings.read(settings.table("run"));
        AcceptRules accept = AcceptTable.read(settings.table("accept"));
        Optional<Account> account = Account.read(file, settings);
        return new ClientConfig(account, run, accept);
    }
}
