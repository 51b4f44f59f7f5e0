package holdfast.server;

import holdfast.console.Program;
import holdfast.server.policy.Rule;
import picocli.CommandLine.ITypeConverter;

/** Reads the value of {@code --allow-listen}; that of {@code --allow} is a rule, too, but has other words. */
final class AllowListen implements ITypeConverter<Rule> {
    @Override
    public Rule convert(String text) throws Exception {
        return Program.<Rule>converter(Rule::allowListen).convert(text);
    }
}
