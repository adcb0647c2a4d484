using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Governance.Infrastructure.Data;

/// <summary>
/// Makes EF Core use the operating system's SQLite, which the distribution patches, in place of a bundled one.
/// See docs/adr/0002-sqlite-engine.md.
/// </summary>
internal static class SqliteEngine
{
#pragma warning disable CA2255 // A module initializer is the only place that runs before Microsoft.Data.Sqlite binds its engine.
    [ModuleInitializer]
    internal static void Initialize()
#pragma warning restore CA2255
    {
        AssemblyLoadContext.Default.Resolving += ResolveCore;
        BindProvider();
    }

    /// <summary>Microsoft.Data.Sqlite asks for SQLitePCLRaw 2.1; the copy beside the application answers.</summary>
    private static Assembly? ResolveCore(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "SQLitePCLRaw.core"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "SQLitePCLRaw.core.dll"))
            : null;

    // Not inlined: its types may only be looked up once the resolver above is in place.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BindProvider()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly,
            (name, assembly, path) => name == "e_sqlite3" ? NativeLibrary.Load(SystemLibrary(), assembly, path) : IntPtr.Zero);
        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());

        // Nobody asks how much memory the engine has, so that no allocation takes a lock to count it.
        var configured = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
        if (configured != SQLitePCL.raw.SQLITE_OK) throw new InvalidOperationException($"SQLite cannot be configured any more: error {configured}.");
    }

    private static string SystemLibrary() =>
        OperatingSystem.IsWindows() ? "winsqlite3.dll"
        : OperatingSystem.IsMacOS() ? "libsqlite3.dylib"
        : "libsqlite3.so.0";
}
