using System.Net;
using System.Net.Sockets;

namespace Governance.Testing;

/// <summary>
/// Finds ports for programs that cannot be told to choose one. They lie below those that the system gives out by itself: one of
/// these may be given to somebody else's connection between the moment it is found and the moment it is used, or used again.
/// </summary>
public static class FreePort
{
    private const int First = 18_000;
    private const int Count = 12_000;

    private static int _next = Random.Shared.Next(Count);

    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port)) return port;
        }

        throw new InvalidOperationException($"No port from {First} on is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
