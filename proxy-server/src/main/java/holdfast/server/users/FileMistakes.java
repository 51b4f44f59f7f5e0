package holdfast.server.users;

import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import holdfast.identity.UserName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What is wrong with the files of a {@link UserDirectory}, for a person who is about to mend it. */
final class FileMistakes {
    private static final int LIMIT = 1 << 20;

    private final List<String> found = new ArrayList<>();
    private final Map<Pin, String> keys = new HashMap<>();

    private FileMistakes() {}

    /** Each with file, line and column. */
    static List<String> in(Path folder) throws IOException {
        FileMistakes mistakes = new FileMistakes();
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.{keys,groups,disabled}")) {
            all.forEach(files::add);
        }
        files.forEach(mistakes::look);
        return mistakes.found;
    }

    private void look(Path file) {
        String name = String.valueOf(file.getFileName());
        String user = name.substring(0, name.lastIndexOf('.'));
        try {
            UserName.require(user);
        } catch (IllegalArgumentException e) {
            found.add(file + ": " + e.getMessage());
            return;
        }
        if (name.endsWith(".disabled")) {
            return;
        }
        try {
            int number = 0;
            for (String line : PrivateFiles.readTrusted(file, LIMIT).lines().toList()) {
                number++;
                if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                    int column = line.length() - line.stripLeading().length() + 1;
                    look(file + ":" + number + ":" + column, name.endsWith(".keys"), line.strip());
                }
            }
        } catch (IOException e) {
            found.add(String.valueOf(e.getMessage()));
        }
    }

    private void look(String place, boolean isKey, String line) {
        if (!isKey) {
            if (!UserName.isLegal(line)) {
                found.add(place + ": '" + line + "' is not a group's name");
            }
            return;
        }
        try {
            Pin key = Device.parse(line).key();
            String first = keys.putIfAbsent(key, place);
            if (first != null) {
                found.add(place + ": this key is already listed at " + first);
            }
        } catch (IllegalArgumentException e) {
            found.add(place + ": " + e.getMessage());
        }
    }
}
