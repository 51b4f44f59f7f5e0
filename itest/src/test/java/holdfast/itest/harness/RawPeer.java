package holdfast.itest.harness;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A client that speaks TLS with a real client's key, and in it whatever bytes a test wants (PROTOCOL.md section 3). */
public final class RawPeer implements AutoCloseable {
    public static final int PADDING = 0x00;
    public static final int PING = 0x01;
    public static final int PONG = 0x02;
    public static final int PATH_ACK = 0x03;
    public static final int HELLO = 0x04;
    public static final int HELLO_OK = 0x05;
    public static final int JOIN = 0x06;
    public static final int JOIN_OK = 0x07;
    public static final int REFUSED = 0x0a;
    public static final int OPEN = 0x10;
    public static final int ACCEPT = 0x11;
    public static final int REJECT = 0x12;
    public static final int DATA = 0x13;
    public static final int RESET = 0x15;
    public static final int SESSION_CLOSE = 0x37;

    private static final char[] NO_PASSWORD = {};
    private static final int PATIENCE_MILLIS = 30_000;

    private final SSLSocket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private long received;

    private RawPeer(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
    }

    /** A frame as it arrived. */
    public static final class Received {
        private final int type;
        private final byte[] body;

        private Received(int type, byte[] body) {
            this.type = type;
            this.body = body;
        }

        public int type() {
            return type;
        }

        public byte[] body() {
            return body;
        }
    }

    /** Connects with the key in a client's home; the handshake is done when this returns. */
    public static RawPeer connect(Path clientHome, int gatewayPort) throws IOException {
        try {
            Socket plain = new Socket();
            plain.setReceiveBufferSize(1 << 16);
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gatewayPort), PATIENCE_MILLIS);
            SSLSocket socket = (SSLSocket)
                    context(clientHome).getSocketFactory().createSocket(plain, "gateway", gatewayPort, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            parameters.setApplicationProtocols(new String[] {"holdfast/1"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.startHandshake();
            return new RawPeer(socket);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Starts a session: sends HELLO for path 0 and reads on to HELLO_OK. Returns the session's id. */
    public byte[] hello() throws IOException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        varint(body, 1);
        varint(body, 1);
        body.write(random);
        varint(body, 0);
        body.write(0);
        varint(body, 0);
        send(HELLO, body.toByteArray());
        flush();
        Received ok = receive();
        if (ok.type() != HELLO_OK) {
            throw new IOException("instead of HELLO_OK came a frame of type " + ok.type());
        }
        return Arrays.copyOfRange(ok.body(), 1, 17);
    }

    /** Asks to add this connection to a session. Returns the answer's code: 0 for JOIN_OK, else that of REFUSED. */
    public int join(byte[] session, long path) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(session);
        varint(body, path);
        varint(body, 0);
        varint(body, 0);
        send(JOIN, body.toByteArray());
        flush();
        Received answer = receive();
        return switch (answer.type()) {
            case JOIN_OK -> 0;
            case REFUSED -> answer.body()[0];
            default -> throw new IOException("instead of JOIN_OK came a frame of type " + answer.type());
        };
    }

    /** Puts a frame into the buffer; it leaves with the next {@link #flush} or when the buffer is full. */
    public synchronized void send(int type, byte[] body) throws IOException {
        out.writeInt(body.length << 8 | type);
        out.write(body);
    }

    /** OPEN of a TCP stream to an address of 127.0.0.1. */
    public void open(long stream, int port) throws IOException {
        open(stream, 0, new byte[] {1, 127, 0, 0, 1}, port);
    }

    /** OPEN with a host as it goes over the wire: its type and bytes (PROTOCOL.md section 3.2). */
    public void open(long stream, int kind, byte[] host, int port) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        varint(body, stream);
        body.write(kind);
        body.write(3);
        body.writeBytes(host);
        body.writeBytes(new byte[] {(byte) (port >> 8), (byte) port, 0});
        send(OPEN, body.toByteArray());
    }

    /** Reads on to the answer to the OPEN that was sent last; to be used with one stream at a time. Returns 0 for ACCEPT, else the code of REJECT. */
    public int readAnswer() throws IOException {
        while (true) {
            Received next = receiveAndAcknowledge();
            if (next.type() == ACCEPT) {
                return 0;
            }
            if (next.type() == REJECT) {
                byte[] body = next.body();
                return body[1 << (body[0] >> 6 & 3)];
            }
        }
    }

    public void reset(long stream) throws IOException {
        send(RESET, varints(stream, 11, 0));
    }

    public void data(long stream, long offset, byte[] bytes) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        varint(body, stream);
        varint(body, offset);
        body.writeBytes(bytes);
        send(DATA, body.toByteArray());
    }

    public synchronized void ping(long nonce) throws IOException {
        out.writeInt(8 << 8 | PING);
        out.writeLong(nonce);
    }

    public synchronized void flush() throws IOException {
        out.flush();
    }

    /** The next frame. */
    public Received receive() throws IOException {
        int header = in.readInt();
        byte[] body = new byte[header >>> 8];
        in.readFully(body);
        received += 4 + body.length;
        return new Received(header & 0xff, body);
    }

    /** Reads on, acknowledges what comes as an honest peer does, and throws it away, until the gateway ends the session or the connection. Returns the code of SESSION_CLOSE, or -1. */
    public int readToEnd() {
        try {
            while (true) {
                Received next = receiveAndAcknowledge();
                if (next.type() == SESSION_CLOSE) {
                    return next.body()[0];
                }
            }
        } catch (IOException e) {
            return -1;
        }
    }

    /** As {@link #readToEnd}, but only up to the first frame of this type. Returns whether it came. */
    public boolean readUpTo(int type) {
        try {
            while (true) {
                int found = receiveAndAcknowledge().type();
                if (found == type || found == SESSION_CLOSE) {
                    return found == type;
                }
            }
        } catch (IOException e) {
            return false;
        }
    }

    private Received receiveAndAcknowledge() throws IOException {
        Received next = receive();
        if (next.type() == PING) {
            send(PONG, next.body());
        }
        send(PATH_ACK, varints(1, 0, received, 0));
        flush();
        return next;
    }

    /** The body of a frame that is a row of varints. */
    public static byte[] varints(long... values) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (long each : values) {
            varint(body, each);
        }
        return body.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        int bytes = value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : value < 1 << 30 ? 4 : 8;
        long marked = value | (long) Integer.numberOfTrailingZeros(bytes) << (8 * bytes - 2);
        for (int i = bytes - 1; i >= 0; i--) {
            out.write((int) (marked >>> (8 * i)));
        }
    }

    private static SSLContext context(Path home) throws GeneralSecurityException, IOException {
        String pem = Files.readString(home.resolve("client.key"));
        PrivateKey key =
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY")));
        Certificate certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(block(pem, "CERTIFICATE")));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", key, NO_PASSWORD, new Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(managers.getKeyManagers(), new TrustManager[] {new Trusting()}, new SecureRandom());
        return context;
    }

    private static byte[] block(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int from = pem.indexOf(begin) + begin.length();
        int to = pem.indexOf("-----END " + label + "-----", from);
        return Base64.getMimeDecoder().decode(pem.substring(from, to).getBytes(StandardCharsets.US_ASCII));
    }

    /** A hostile peer does not care who it talks to. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket with) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket with) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine with) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine with) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
