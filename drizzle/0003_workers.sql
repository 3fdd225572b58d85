CREATE TABLE "work_batches" (
	"job_id" text NOT NULL,
	"ordinal" integer NOT NULL,
	"segments" jsonb NOT NULL,
	CONSTRAINT "work_batches_job_id_ordinal_pk" PRIMARY KEY("job_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "work_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" uuid,
	"name" text NOT NULL,
	"source" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"available_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lease_id" uuid,
	"lease_until" timestamp with time zone,
	"worker_id" uuid,
	"last_error" text,
	"progress" text,
	"result" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "work_batches" ADD CONSTRAINT "work_batches_job_id_work_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."work_jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_jobs" ADD CONSTRAINT "work_jobs_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "work_jobs_state" ON "work_jobs" USING btree ("state","available_at");--> statement-breakpoint
CREATE INDEX "work_jobs_owner" ON "work_jobs" USING btree ("owner_id","created_at");